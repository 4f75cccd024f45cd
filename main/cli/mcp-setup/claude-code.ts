import { hasBlock, removeBlock, setBlock } from './text-block.ts';

/** The entry of `.mcp.json`. `variable` names the environment variable with the token: the file holds no secret. */
export function serverEntry(url: string, variable: string): Readonly<Record<string, unknown>> {
  // alwaysLoad: Claude Code otherwise hides tools until it searches for them, and an agent that does not see
  // acquire_lock does not think of locking.
  return { type: 'http', url, headers: { Authorization: `Bearer \${${variable}}` }, alwaysLoad: true };
}

/** `CLAUDE.md` with the role block; null stands for no file. */
export function withRoleBlock(before: string | null, content: string, file: string): string {
  return setBlock(before ?? '', content, file);
}

/** `CLAUDE.md` without the role block; null and `original` as in `withoutServer`. */
export function withoutRoleBlock(before: string, original: string | null, file: string): string | null {
  if (!hasBlock(before)) return removeBlock(before, file);
  const after = removeBlock(before, file);
  if (original === null) return after.trim() === '' ? null : after;
  return after.trim() === original.trim() ? original : after;
}
