/** The ship's wheel. */
export function Brand({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" aria-hidden>
      <circle cx="12" cy="12" r="6.75" />
      <circle cx="12" cy="12" r="2" fill="currentColor" stroke="none" />
      <path d="M12 1.75v20.5M1.75 12h20.5M4.75 4.75l14.5 14.5M19.25 4.75l-14.5 14.5" />
    </svg>
  );
}
