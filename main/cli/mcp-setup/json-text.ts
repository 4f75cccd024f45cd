/**
 * Changes one member of a JSON text and leaves every other character as it is, so that a file that people keep in
 * version control shows exactly what was added. The text must be valid JSON with an object at the top.
 */

interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

interface JsonObject {
  /** Of the brace. */
  readonly open: number;
  readonly close: number;
  readonly members: readonly Member[];
}

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /"(?:[^"\\]|\\.)*"|[^\s,\]}]+/y;

/** Sets `key` of the object at `path`; objects on the way are made. */
export function setMember(text: string, path: readonly string[], key: string, value: unknown): string {
  const top = objectAt(text, skip(text, SPACE, 0));
  return setIn(text, top, path, key, value);
}

function setIn(text: string, object: JsonObject, path: readonly string[], key: string, value: unknown): string {
  const [step, ...rest] = path;
  if (step === undefined) return putMember(text, object, key, value);
  const inner = find(object, step);
  if (inner !== undefined) return setIn(text, objectAt(text, inner.valueStart), rest, key, value);
  return putMember(text, object, step, [...rest, key].reduceRight<unknown>((below, name) => ({ [name]: below }), value));
}

/** Takes `key` out of the object at `path`; a text without it comes back unchanged. */
export function removeMember(text: string, path: readonly string[], key: string): string {
  let object = objectAt(text, skip(text, SPACE, 0));
  for (const step of path) {
    const inner = find(object, step);
    if (inner === undefined || text[inner.valueStart] !== '{') return text;
    object = objectAt(text, inner.valueStart);
  }
  const member = find(object, key);
  if (member === undefined) return text;
  const at = object.members.indexOf(member);
  if (object.members.length === 1) return splice(text, object.open + 1, object.close, '');
  const next = object.members[at + 1];
  // With the comma: the one behind it, or for the last member the one before.
  return next === undefined ? splice(text, object.members[at - 1]!.valueEnd, member.valueEnd, '') : splice(text, member.keyStart, next.keyStart, '');
}

function putMember(text: string, object: JsonObject, key: string, value: unknown): string {
  const present = find(object, key);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const outer = indentOf(text, object.open);
  const first = object.members[0];
  const oneLine = first !== undefined && !text.slice(object.open, first.keyStart).includes('\n');
  const indent = first === undefined || oneLine ? outer + unit : indentOf(text, first.keyStart);
  const written = oneLine ? JSON.stringify(value) : JSON.stringify(value, null, unit).replaceAll('\n', eol + indent);
  if (present !== undefined) return splice(text, present.valueStart, present.valueEnd, written);
  const member = `${JSON.stringify(key)}: ${written}`;
  const last = object.members.at(-1);
  if (last === undefined) return splice(text, object.open + 1, object.close, `${eol}${indent}${member}${eol}${outer}`);
  return splice(text, last.valueEnd, last.valueEnd, oneLine ? `, ${member}` : `,${eol}${indent}${member}`);
}

function find(object: JsonObject, key: string): Member | undefined {
  // JSON.parse takes the last of two members of one name, so the last one counts.
  return object.members.findLast((member) => member.key === key);
}

function objectAt(text: string, open: number): JsonObject {
  const members: Member[] = [];
  let at = skip(text, SPACE, open + 1);
  while (text[at] !== '}') {
    const keyStart = at;
    const keyEnd = skip(text, SCALAR, at);
    const valueStart = skip(text, SPACE, skip(text, SPACE, keyEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({ key: JSON.parse(text.slice(keyStart, keyEnd)) as string, keyStart, valueStart, valueEnd });
    at = skip(text, SPACE, valueEnd);
    if (text[at] === ',') at = skip(text, SPACE, at + 1);
  }
  return { open, close: at, members };
}

function endOfValue(text: string, start: number): number {
  if (text[start] !== '{' && text[start] !== '[') return skip(text, SCALAR, start);
  let depth = 0;
  for (let at = start; ; at += 1) {
    const char = text[at];
    if (char === '"') at = skip(text, SCALAR, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
}

/** The white space that the line of `at` begins with. */
function indentOf(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, at))![0];
}

function skip(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

function splice(text: string, start: number, end: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(end);
}
