import { DEFAULT_BLOCKED, type AllowedRoot, type MountAllowlist } from './mount-allowlist.ts';
import type { AdditionalMount } from './types.ts';

/** A folder of this machine at a place in the container. */
export interface BindMount {
  /** The real path, without symbolic links. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What a path of this machine leads to, links followed. */
export interface RealPath {
  /** Null: nothing is there. */
  readonly real: string | null;
  /** `other`: a socket, a device, a pipe. */
  readonly kind: 'folder' | 'file' | 'other';
}

export interface MountQuestion {
  readonly request: AdditionalMount;
  readonly isMain: boolean;
  readonly allowlist: MountAllowlist;
  /** The real path of every allowed root that exists. */
  readonly roots: readonly { readonly root: AllowedRoot; readonly real: string }[];
  readonly path: RealPath;
  /** Real paths of what no agent may reach: our own data, the allowlist, the socket of the engine. */
  readonly guarded: readonly string[];
  /** Targets that are taken. */
  readonly taken: readonly string[];
  /** Whether paths compare without regard to case, as on macOS and Windows. */
  readonly ignoreCase: boolean;
}

export type MountDecision =
  | { readonly ok: true; readonly mount: BindMount; /** Why it only reads although writing was asked for. */ readonly downgraded: string | null }
  | { readonly ok: false; readonly reason: string };

/** Where additional mounts appear in the container. */
const EXTRA_MOUNTS = '/workspace/extra';

/** Decides about one additional mount (SEC-02, SEC-04). Pure: all paths were resolved before; the first broken rule is the reason. */
export function decideMount(question: MountQuestion): MountDecision {
  const { request, path, guarded } = question;
  const name = request.containerPath ?? lastPart(request.hostPath);
  const badName = containerPathProblem(name);
  if (badName !== null) return refused(`the container path ${JSON.stringify(name)} ${badName}`);
  const target = `${EXTRA_MOUNTS}/${name}`;
  const clash = question.taken.find((other) => inside(other, target, false) || inside(target, other, false));
  if (clash !== undefined) return refused(`${target} would lie in, or around, ${clash}, which is mounted already; name another container path`);

  if (path.real === null) return refused('nothing is there, or it cannot be read');
  const real = path.real;
  if (path.kind === 'other') return refused(`${real} is neither a folder nor a file`);
  const blocked = blockedBy(real, question.allowlist.blockedPatterns);
  if (blocked !== null) return refused(`${real} has "${blocked}" in its name, which is blocked because keys and passwords lie in such places`);
  const secret = guarded.find((place) => inside(place, real, question.ignoreCase) || inside(real, place, question.ignoreCase));
  if (secret !== undefined) return refused(`${real} would open ${secret} to the agent`);

  const root = matchingRoot(question, real);
  if (root === null) return refused(`${real} is not below any folder of the mount allowlist`);
  const asksToWrite = request.readonly === false;
  const downgraded = !asksToWrite
    ? null
    : !question.isMain && question.allowlist.nonMainReadOnly
      ? 'only the main group may write (nonMainReadOnly of the mount allowlist)'
      : !root.allowReadWrite
        ? `the mount allowlist lets agents only read below ${root.path}`
        : null;
  return { ok: true, mount: { source: real, target, readOnly: !asksToWrite || downgraded !== null }, downgraded };
}

/** What is wrong with a path below {@link EXTRA_MOUNTS}; null when nothing is. */
export function containerPathProblem(path: string): string | null {
  if (path.trim() === '') return 'is blank';
  if (path.length > 200) return 'is longer than 200 characters';
  if (path.startsWith('/')) return 'must be relative';
  if (/[\p{Cc}:\\]/u.test(path)) return 'holds a colon, a backslash or a control character';
  if (path.includes('..')) return 'holds ".."';
  return path.split('/').every((part) => part.trim() !== '' && part !== '.') ? null : 'has an empty part or a part "."';
}

/** The most specific root decides, so that a narrow read-only root inside a wide writable one means what it says. */
function matchingRoot({ roots, ignoreCase }: MountQuestion, real: string): AllowedRoot | null {
  const around = roots.filter((root) => inside(real, root.real, ignoreCase));
  return around.sort((a, b) => b.real.length - a.real.length)[0]?.root ?? null;
}

/** A part of one name is enough, in capitals too: `.env` also blocks `.env.local`. A pattern with a slash is looked for in the whole path. */
function blockedBy(real: string, patterns: readonly string[]): string | null {
  const path = real.replaceAll('\\', '/').toLowerCase();
  return [...DEFAULT_BLOCKED, ...patterns].find((pattern) => path.includes(pattern.toLowerCase())) ?? null;
}

/** Whether `path` is `folder` or lies below it; both absolute and without links. */
function inside(path: string, folder: string, ignoreCase: boolean): boolean {
  const plain = (text: string): string => {
    const slashes = text.replaceAll('\\', '/').replace(/\/+$/, '');
    return ignoreCase ? slashes.toLowerCase() : slashes;
  };
  return `${plain(path)}/`.startsWith(`${plain(folder)}/`);
}

function lastPart(path: string): string {
  return path.replace(/[/\\]+$/, '').split(/[/\\]/).at(-1) ?? '';
}

function refused(reason: string): MountDecision {
  return { ok: false, reason };
}
