import { cx } from './cx.ts';
import css from './role-chip.module.css';

const HUES = 6;
/** The four default roles keep a hue of their own; others get one from their letters. */
const USUAL: Readonly<Record<string, number>> = { FE: 1, BE: 2, AI: 3, Producer: 4 };

/** A number from 1 to {@link HUES} that is always the same for a name. */
export function hueOf(role: string): number {
  const usual = USUAL[role];
  if (usual !== undefined) return usual;
  let sum = 0;
  for (const letter of role) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return (sum % HUES) + 1;
}

/** At most two letters that stand for the role. */
export function initialsOf(role: string): string {
  const words = role.split(/[\s_-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => [...word][0] ?? '') : [...role].slice(0, role.length <= 2 ? 2 : 1);
  return letters.join('').toUpperCase();
}

interface RoleChipProps {
  readonly role: string;
  /** `badge` shows only the letters; the name is on hover and for screen readers. */
  readonly form?: 'full' | 'badge';
}

export function RoleChip({ role, form = 'full' }: RoleChipProps) {
  const hue = css[`hue-${hueOf(role)}`];
  if (form === 'full') return <span className={cx(css['chip'], hue)}>{role}</span>;
  return (
    <span className={cx(css['badge'], hue)} title={role}>
      <span aria-hidden>{initialsOf(role)}</span>
      <span className="visually-hidden">{role}</span>
    </span>
  );
}
