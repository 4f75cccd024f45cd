/** What a closed connection means, by the status with which WhatsApp or the library closed it. */
export type CloseMeaning =
  /** Once more at once: that is how a pairing ends. */
  | { readonly next: 'again' }
  /** Later; `atLeastMs` keeps two programs from throwing each other out in turns. */
  | { readonly next: 'later'; readonly reason: string; readonly atLeastMs: number }
  | { readonly next: 'logged_out'; readonly reason: string }
  /** Only a person can mend it. */
  | { readonly next: 'failed'; readonly reason: string };

/** `pairing`: a code was waiting to be used. */
export function meaningOf(status: number | null, pairing: boolean): CloseMeaning {
  switch (status) {
    case 515:
      return { next: 'again' };
    case 401:
      return { next: 'logged_out', reason: 'the phone took this device off the account. Pair it again.' };
    case 403:
      return { next: 'failed', reason: 'WhatsApp does not let this account in; it may be banned. Look at the phone.' };
    case 411:
      return { next: 'failed', reason: 'the phone does not support linked devices. Update WhatsApp there, then pair again.' };
    case 440:
      return { next: 'later', reason: 'another program uses the same pairing', atLeastMs: 60_000 };
    case 405:
      return { next: 'later', reason: 'WhatsApp wants a newer version of its web client', atLeastMs: 60_000 };
    case 408:
      if (pairing) return { next: 'failed', reason: 'nobody used the code in time. Pair again.' };
      return { next: 'later', reason: 'the connection was lost', atLeastMs: 0 };
    default:
      return { next: 'later', reason: status === null ? 'WhatsApp cannot be reached' : `the connection was closed (${status})`, atLeastMs: 0 };
  }
}

/** The status in what a connection was closed with. */
export function statusIn(error: unknown): number | null {
  const status = (error as { readonly output?: { readonly statusCode?: unknown } } | null | undefined)?.output?.statusCode;
  return typeof status === 'number' ? status : null;
}
