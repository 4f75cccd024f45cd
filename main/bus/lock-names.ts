import { AppError } from '../base/errors.ts';

const PATH_PREFIX = 'path:';
const MAX_CHARS = 200;
const CONTROL = /\p{C}/u;
/** The segment before a leading slash. No wildcard inside a segment matches it, since names are never empty. */
const ROOT = '';

/** A canonical resource name in the form that {@link overlaps} reads. */
export interface LockName {
  /** What is stored and shown. Two names mean the same lock exactly when these are equal. */
  readonly resource: string;
  /**
   * What everything it covers starts with. Two names overlap only if the literal of one starts with the other's, which
   * lets an index find the candidates. The slash before a wildcard is not part of it, since `a/**` covers `a` too.
   */
  readonly literal: string;
  /** What everything it covers ends with; the tail of one name must end with that of the other, likewise. */
  readonly tail: string;
  /** The path's segments; null for a plain name, which overlaps with nothing but itself. */
  readonly segments: readonly string[] | null;
}

/**
 * The one form of a resource name (DESIGN §7). Throws INPUT_INVALID with the rule.
 *
 * - A name that starts with `path:` or contains `/`, `\` or `*` is a path pattern and becomes `path:…`: slashes forward
 *   and single, segments without outer spaces, `.` segments dropped, `..` refused, and lower case where the file
 *   system ignores case.
 * - `*` stands for any run of characters within one segment, a segment `**` for any number of segments, also none:
 *   `src/**` covers `src` and everything below it, and so does `src/`. A path without wildcard covers just that path.
 *   Every other character stands for itself, so that `[slug].tsx` names one file.
 * - Anything else is a plain name, told apart by case: `package.json` is one, `./package.json` is a path.
 */
export function parseLockName(input: string, platform: NodeJS.Platform): LockName {
  const name = input.trim().normalize('NFC');
  if (name === '') throw invalid(input, 'is empty; name the shared thing, for example nas-deploy or src/**');
  if (CONTROL.test(name)) throw invalid(input, 'contains a control character');
  const isPath = name.startsWith(PATH_PREFIX) || /[/\\*]/.test(name);
  const canonical = isPath ? PATH_PREFIX + canonicalPath(name, input, platform) : name;
  if (canonical.length > MAX_CHARS) throw invalid(input, `is longer than ${MAX_CHARS} characters`);
  return lockName(canonical);
}

/** Reads a name that {@link parseLockName} has made. */
export function lockName(resource: string): LockName {
  if (!resource.startsWith(PATH_PREFIX)) return { resource, literal: resource, tail: resource, segments: null };
  const star = resource.indexOf('*');
  return {
    resource,
    literal: star === -1 ? resource : resource.slice(0, star).replace(/\/$/, ''),
    tail: resource.slice(resource.lastIndexOf('*') + 1).replace(/^\//, ''),
    segments: resource.slice(PATH_PREFIX.length).split('/'),
  };
}

/** Whether some path (or name) is covered by both. Exact, symmetric, and quadratic at worst in the lengths. */
export function overlaps(a: LockName, b: LockName): boolean {
  if (a.resource === b.resource) return true;
  if (a.segments === null || b.segments === null) return false;
  if (!a.literal.startsWith(b.literal) && !b.literal.startsWith(a.literal)) return false;
  if (!a.tail.endsWith(b.tail) && !b.tail.endsWith(a.tail)) return false;
  return sequencesMeet(a.segments, b.segments, (segment) => segment === '**', segmentsMeet);
}

function segmentsMeet(a: string, b: string): boolean {
  if (a === b) return true;
  if (a === ROOT || b === ROOT) return false;
  if (!a.includes('*') && !b.includes('*')) return false;
  return sequencesMeet([...a], [...b], (char) => char === '*', (x, y) => x === y);
}

/**
 * Whether two sequences, each with elements that stand for any run of elements, have a sequence in common. Walks all
 * pairs of positions that reading a common sequence can reach.
 */
function sequencesMeet<T>(a: readonly T[], b: readonly T[], isRun: (element: T) => boolean, meet: (x: T, y: T) => boolean): boolean {
  // reached[j]: the first i elements of `a` and the first j of `b` can have read the same sequence.
  let reached = [true];
  for (const y of b) reached.push(reached.at(-1)! && isRun(y));
  for (const x of a) {
    const xRuns = isRun(x);
    const next = [reached[0]! && xRuns];
    for (const [j, y] of b.entries()) {
      const eitherRuns = xRuns || isRun(y);
      next.push((eitherRuns && (reached[j + 1]! || next[j]!)) || (reached[j]! && meet(x, y)));
    }
    reached = next;
  }
  return reached[b.length]!;
}

function canonicalPath(name: string, input: string, platform: NodeJS.Platform): string {
  const ignoresCase = platform === 'win32' || platform === 'darwin';
  const path = name.startsWith(PATH_PREFIX) ? name.slice(PATH_PREFIX.length) : name;
  const parts = (ignoresCase ? path.toLowerCase().normalize('NFC') : path).split(/[/\\]/).map((part) => part.trim());
  const segments = parts[0] === '' && parts.length > 1 ? [ROOT] : [];
  for (const part of parts) {
    if (part === '..') throw invalid(input, "goes up with '..'; write the path that is meant");
    if (part !== '**' && part.includes('**')) throw invalid(input, "has '**' inside a segment; '**' must stand alone between slashes");
    if (part === '' || part === '.' || (part === '**' && segments.at(-1) === '**')) continue;
    segments.push(part);
  }
  if (parts.length > 1 && parts.at(-1) === '' && segments.at(-1) !== '**') segments.push('**');
  if (segments.every((segment) => segment === ROOT)) throw invalid(input, 'names no path; write for example src/main.ts or src/**');
  return segments.join('/');
}

function invalid(input: string, rule: string): AppError {
  return new AppError('INPUT_INVALID', `resource '${input}' ${rule}.`, { field: 'resource' });
}
