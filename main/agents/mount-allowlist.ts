import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { AppError } from '../base/errors.ts';

/** A folder below which agents may be given folders of this machine. */
export interface AllowedRoot {
  /** Absolute, or begins with `~`. */
  readonly path: string;
  readonly allowReadWrite: boolean;
  /** What it is for. */
  readonly description?: string | undefined;
}

/** Which folders of this machine may be mounted beside the group's own (SEC-01 of seed 002). */
export interface MountAllowlist {
  readonly allowedRoots: readonly AllowedRoot[];
  /** Parts of names that are never mounted, in addition to {@link DEFAULT_BLOCKED}. */
  readonly blockedPatterns: readonly string[];
  /** Whether every group but the main one only reads, whatever it asks for. */
  readonly nonMainReadOnly: boolean;
}

/** How the file stands. Anything but `ok` blocks every additional mount (SEC-03). */
export type AllowlistState =
  | { readonly state: 'ok'; readonly file: string; readonly allowlist: MountAllowlist }
  | { readonly state: 'missing'; readonly file: string }
  | { readonly state: 'broken'; readonly file: string; readonly problem: string };

/** What stands in a name of something that holds keys; a part of the name is enough (SEC-02). User patterns come on top. */
export const DEFAULT_BLOCKED: readonly string[] = [
  '.ssh',
  '.gnupg',
  '.gpg',
  '.aws',
  '.azure',
  '.gcloud',
  '.kube',
  '.docker',
  'credentials',
  '.env',
  '.netrc',
  '.npmrc',
  '.pypirc',
  'id_rsa',
  'id_ed25519',
  'private_key',
  '.secret',
];

const OTHERS_WRITE = 0o022;
const LARGEST_FILE = 1 << 20;

const noControls = /^[^\p{Cc}]*$/u;
const PATH = z
  .string()
  .min(1, 'is empty')
  .max(4096, 'is longer than 4096 characters')
  .regex(noControls, 'holds a control character')
  .refine((path) => isAbsolute(path) || /^~(?=$|[/\\])/.test(path), 'is neither absolute nor begins with ~');
const SHAPE = z.strictObject({
  allowedRoots: z
    .array(z.strictObject({ path: PATH, allowReadWrite: z.boolean(), description: z.string().max(200, 'is longer than 200 characters').optional() }))
    .max(100, 'has more than 100 entries'),
  blockedPatterns: z
    .array(z.string().regex(noControls, 'holds a control character').refine((pattern) => pattern.trim() !== '', 'is blank, which would block everything'))
    .max(200, 'has more than 200 entries'),
  nonMainReadOnly: z.boolean(),
});

/** The allowlist lies outside of the data directory and of every project, so that no agent can be given it by mistake. */
export function allowlistFile(home: string): string {
  return join(home, '.config', 'wheelhouse', 'mount-allowlist.json');
}

/** Reads the file anew each time: what a person changes counts from the next run on. Never throws for what the file holds. */
export function readAllowlist(file: string): AllowlistState {
  let text: string;
  try {
    const stats = statSync(file);
    if (!stats.isFile()) return broken(file, 'it is not a file');
    if (stats.size > LARGEST_FILE) return broken(file, 'it is larger than 1 MiB');
    if (process.platform !== 'win32' && (stats.mode & OTHERS_WRITE) !== 0) return broken(file, `others may write it; run: chmod go-w ${file}`);
    text = readFileSync(file, 'utf-8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { state: 'missing', file } : broken(file, `it cannot be read (${code ?? String(error)})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return broken(file, `it is not JSON (${(error as Error).message})`);
  }
  const parsed = SHAPE.safeParse(value);
  return parsed.success ? { state: 'ok', file, allowlist: parsed.data } : broken(file, firstIssue(parsed.error));
}

/** Replaces the file, private to the user. Throws INPUT_INVALID that names the entry, and DATA_DIR_UNUSABLE when the place cannot be written. */
export async function writeAllowlist(file: string, allowlist: unknown): Promise<MountAllowlist> {
  const parsed = SHAPE.safeParse(allowlist);
  if (!parsed.success) throw new AppError('INPUT_INVALID', `The mount allowlist breaks a rule: ${firstIssue(parsed.error)}.`, { field: parsed.error.issues[0]?.path.join('.') ?? '' });
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomic(file, `${JSON.stringify(parsed.data, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AppError('DATA_DIR_UNUSABLE', `The mount allowlist cannot be written to ${file} (${code}). Make its folder writable for you.`, { file, cause: code }, { cause: error });
  }
  return parsed.data;
}

function broken(file: string, problem: string): AllowlistState {
  return { state: 'broken', file, problem };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]!;
  const at = issue.path.reduce<string>((path, part) => (typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`), '');
  return at === '' ? issue.message : `${at} ${issue.message}`;
}
