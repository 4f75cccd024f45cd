import { resolve } from 'node:path';
import type { MountAllowlist, MountAllowlistView } from '../../preload/contract.ts';
import { AppError } from '../base/errors.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';

/** What a new allowlist begins with: nothing allowed, and only the main group may ever write. */
const EMPTY: MountAllowlist = { allowedRoots: [], blockedPatterns: [], nonMainReadOnly: true };

/** `wheelhouse mount list`: which folders of this machine agents may be given. */
export async function mountList({ core, output }: CommandContext): Promise<number> {
  const view = await (await core('offline')).call('mounts.get', {});
  output.result(view, lines(view).join('\n'));
  return view.state === 'broken' ? EXIT.failure : EXIT.ok;
}

/** `wheelhouse mount allow`: a path that is allowed already gets the new rights. */
export async function mountAllow({ core, input, output, io }: CommandContext): Promise<number> {
  const path = placeOf(input.argText('path'), io.cwd);
  const description = input.text('description');
  const opened = await core('offline');
  const allowlist = changeable(await opened.call('mounts.get', {}));
  const root = { path, allowReadWrite: input.flag('write'), ...(description !== undefined && { description }) };
  const view = await opened.call('mounts.set', { allowlist: { ...allowlist, allowedRoots: [...allowlist.allowedRoots.filter((other) => other.path !== path), root] } });
  output.result(view, lines(view).join('\n'));
  return EXIT.ok;
}

/** `wheelhouse mount forbid`. */
export async function mountForbid({ core, input, output, io }: CommandContext): Promise<number> {
  const path = placeOf(input.argText('path'), io.cwd);
  const opened = await core('offline');
  const allowlist = changeable(await opened.call('mounts.get', {}));
  const left = allowlist.allowedRoots.filter((root) => root.path !== path);
  if (left.length === allowlist.allowedRoots.length) throw new AppError('NOT_FOUND', `${path} is not in the mount allowlist. What is: wheelhouse mount list`);
  const view = await opened.call('mounts.set', { allowlist: { ...allowlist, allowedRoots: left } });
  output.result(view, lines(view).join('\n'));
  return EXIT.ok;
}

/** A broken file is the person's own work: it is not overwritten. */
function changeable({ state, allowlist, file, problem }: MountAllowlistView): MountAllowlist {
  if (state === 'broken') throw new AppError('CONFLICT', `The mount allowlist ${file} is not usable: ${problem ?? 'unknown'}. Mend it, or move it away.`);
  return allowlist ?? EMPTY;
}

/** As the allowlist wants it: absolute, or with the `~` that stands for the home folder. */
function placeOf(path: string, cwd: string): string {
  return /^~(?=$|[/\\])/.test(path) ? path : resolve(cwd, path);
}

function lines({ file, state, problem, allowlist, alwaysBlocked }: MountAllowlistView): readonly string[] {
  if (state === 'broken') return [`${file} is not usable, so no additional folder is mounted: ${problem ?? 'unknown'}`];
  if (allowlist === null || allowlist.allowedRoots.length === 0) return [`Agents are given no folders but their own (${file}). Allow one: wheelhouse mount allow ~/projects`];
  return [
    ...allowlist.allowedRoots.map(({ path, allowReadWrite, description }) => `${allowReadWrite ? 'write' : 'read '}  ${path}${description === undefined ? '' : `  ${description}`}`),
    ...(allowlist.nonMainReadOnly ? ['Only the main group may write.'] : []),
    `Never, whatever is allowed: names with ${[...alwaysBlocked, ...allowlist.blockedPatterns].join(' ')}`,
  ];
}
