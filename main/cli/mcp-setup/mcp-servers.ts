import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../base/errors.ts';
import { removeMember, setMember } from './json-text.ts';

/** The name of the server in the files of all clients; tools appear there as `mcp__wheelhouse__…`. */
export const SERVER_NAME = 'wheelhouse';
const SERVERS = 'mcpServers';

/** The file with the entry; null stands for no file. Throws CONFIG_INVALID when the file is not what it should be. */
export function withServer(before: string | null, entry: Readonly<Record<string, unknown>>, file: string): string {
  if (before === null || before.trim() === '') return `${JSON.stringify({ [SERVERS]: { [SERVER_NAME]: entry } }, null, 2)}\n`;
  const servers = parseServers(before, file);
  return isDeepStrictEqual(servers?.[SERVER_NAME], entry) ? before : setMember(before, [SERVERS], SERVER_NAME, entry);
}

/**
 * The file without the entry; null: the file is to be deleted, because it held nothing else and was not there before.
 * `original` is the file as it was before the entry came, when that is known.
 */
export function withoutServer(before: string, original: string | null, file: string): string | null {
  if (parseServers(before, file)?.[SERVER_NAME] === undefined) return before;
  const without = removeMember(before, [SERVERS], SERVER_NAME);
  const left = JSON.parse(without) as Record<string, unknown>;
  const first = original === null ? null : parsedOrEmpty(original);
  const hadServers = first !== null && Object.hasOwn(first, SERVERS);
  const isEmpty = isDeepStrictEqual(left[SERVERS], {}) && !hadServers;
  const after = isEmpty ? removeMember(without, [], SERVERS) : without;
  if (first === null) return isDeepStrictEqual(JSON.parse(after), {}) ? null : after;
  return isDeepStrictEqual(JSON.parse(after), first) ? original : after;
}

/** Whether the text, the earlier state of a file, holds nothing of ours; a text that is no JSON object counts as not pristine. */
export function isPristineJson(text: string): boolean {
  try {
    return text.trim() === '' || parseServers(text, '')?.[SERVER_NAME] === undefined;
  } catch {
    return false;
  }
}

function parseServers(text: string, file: string): Readonly<Record<string, unknown>> | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new AppError('CONFIG_INVALID', `${file} is not valid JSON (${(error as SyntaxError).message}). Repair it or move it away; nothing was changed.`, { file });
  }
  if (!isObject(content)) throw new AppError('CONFIG_INVALID', `${file} must hold one JSON object. Repair it or move it away; nothing was changed.`, { file });
  const servers = content[SERVERS];
  if (servers === undefined || isObject(servers)) return servers;
  throw new AppError('CONFIG_INVALID', `"${SERVERS}" in ${file} must be an object. Repair it or move the file away; nothing was changed.`, { file });
}

/** An empty file is what a client treats like `{}`. */
function parsedOrEmpty(text: string): object {
  return text.trim() === '' ? {} : (JSON.parse(text) as object);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
