/** As variables are named. */
export const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,99}$/;

/** What programs that read such files agree on without quotes. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]+$/;

/**
 * The values in `NAME=value` lines (nanoclaw reference §1.3): blank lines and `#` lines are skipped, one pair of quotes
 * around a value is taken off, an empty value counts as none, and `export ` before the name is allowed. The last line of a
 * name wins.
 */
export function parseSecretLines(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const name = nameIn(line);
    if (name === null) continue;
    const value = unquoted(line.slice(line.indexOf('=') + 1).trim());
    if (value !== '') values.set(name, value);
  }
  return values;
}

/**
 * The text with one line for the name, in the place of its last one or at the end; every other line stays as it is. Earlier
 * lines of the name go, so that no old secret is left behind.
 */
export function withSecretLine(text: string, name: string, value: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const line = `${name}=${quoted(value)}`;
  const lines = linesOf(text);
  const last = lines.findLastIndex((other) => nameIn(other) === name);
  const kept = lines.flatMap((other, at) => (at === last ? [`${line}${end}`] : nameIn(other) === name ? [] : [other]));
  if (last !== -1) return kept.join('');
  const before = kept.join('');
  return `${before}${before === '' || before.endsWith('\n') ? '' : end}${line}${end}`;
}

/** The text without any line of the name. */
export function withoutSecretLine(text: string, name: string): string {
  return linesOf(text)
    .filter((line) => nameIn(line) !== name)
    .join('');
}

/** Why a text cannot be kept as a value; null when it can. Never shows it. */
export function valueProblem(value: string, maxBytes: number): string | null {
  if (value === '') return 'is empty';
  if (/[\0\r\n]/.test(value)) return 'holds a line break or a NUL character; a secret is one line';
  if (!value.isWellFormed()) return 'is no valid text';
  return Buffer.byteLength(value) > maxBytes ? `is longer than ${maxBytes} bytes` : null;
}

/** Each with its line end. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function nameIn(raw: string): string | null {
  const line = raw.trim().replace(/^export\s+/, '');
  const at = line.indexOf('=');
  return line.startsWith('#') || at <= 0 ? null : line.slice(0, at).trim();
}

/** Only the outer pair comes off when it is read, so that every value survives, whatever quotes stand in it. */
function quoted(value: string): string {
  if (PLAIN.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

function unquoted(value: string): string {
  const quote = value[0];
  return value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value;
}
