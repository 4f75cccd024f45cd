import { parse, stringify } from 'smol-toml';
import { parseTomlDocument, type TomlDocument, type TomlSetting, type TomlStatement } from './toml-document.ts';

/** One value to write; `toml` is the value as TOML. */
export interface TomlChange {
  readonly section: string;
  readonly key: string;
  readonly toml: string;
}

const INLINE_TABLE = /^\s*[^.=]+=\s*\{/;

/** The text with the changes in it; comments and other lines stay. Throws TomlSyntaxError when the text is no TOML. */
export function editToml(text: string, changes: readonly TomlChange[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  let lines = text.slice(bom.length).split(/\r?\n/);
  for (const change of changes) lines = applyChange(lines, change);
  return bom + lines.join(eol);
}

function applyChange(lines: readonly string[], change: TomlChange): string[] {
  const document = parseTomlDocument(lines.join('\n'));
  const holder = document.statements.find((statement) => statement.settings.some((found) => isSame(found, change)));
  if (holder) return splice(lines, holder.first, holder.last, rewritten(document, holder, change));

  const inSection = document.statements.filter((statement) => statement.sections.includes(change.section) || statement.settings.some((found) => found.section === change.section));
  const last = inSection.at(-1);
  if (!last) return appendSection(lines, change);
  if (last.table.length > 0) return splice(lines, last.last + 1, last.last, [`${indentOf(lines[last.last]!)}${change.key} = ${change.toml}`]);
  // A section written as `ui.theme = …` or `ui = { … }` at the top cannot get a header as well.
  return splice(lines, last.first, last.last, [...unfolded(document, last), `${change.section}.${change.key} = ${change.toml}`]);
}

/** The lines of a statement with one value replaced. */
function rewritten(document: TomlDocument, statement: TomlStatement, change: TomlChange): readonly string[] {
  if (isInlineTable(document, statement)) return unfolded(document, statement, change);
  const chunk = chunkOf(document, statement);
  return [`${chunk.slice(0, chunk.indexOf('=')).trimEnd()} = ${change.toml}${commentOf(chunk)}`];
}

/** The lines of a statement; an inline table becomes one dotted key for each value, because it cannot be added to. */
function unfolded(document: TomlDocument, statement: TomlStatement, change?: TomlChange): readonly string[] {
  if (!isInlineTable(document, statement)) return document.lines.slice(statement.first, statement.last + 1);
  const comment = commentOf(chunkOf(document, statement)).trimStart();
  const values = statement.settings.map((found) => `${found.section}.${found.key} = ${change && isSame(found, change) ? change.toml : inline(found)}`);
  return comment === '' ? values : [comment, ...values];
}

function isInlineTable(document: TomlDocument, statement: TomlStatement): boolean {
  return statement.table.length === 0 && INLINE_TABLE.test(document.lines[statement.first]!);
}

function chunkOf(document: TomlDocument, statement: TomlStatement): string {
  return document.lines.slice(statement.first, statement.last + 1).join('\n');
}

/** A value that stood in an inline table, as TOML of its own. */
function inline(found: TomlSetting): string {
  const line = stringify({ value: found.value });
  return line.slice(line.indexOf('=') + 1).trim();
}

/** The comment that ends the statement, with the space before it: the first `#` before which the text is complete. */
function commentOf(chunk: string): string {
  for (let at = chunk.indexOf('#'); at !== -1; at = chunk.indexOf('#', at + 1)) {
    if (!isComplete(chunk.slice(0, at)) || chunk.includes('\n', at)) continue;
    const space = /\s*$/.exec(chunk.slice(0, at))![0];
    return space + chunk.slice(at);
  }
  return '';
}

function isComplete(chunk: string): boolean {
  try {
    parse(chunk);
    return true;
  } catch {
    return false;
  }
}

function appendSection(lines: readonly string[], change: TomlChange): string[] {
  const kept = [...lines];
  while (kept.at(-1)?.trim() === '') kept.pop();
  return [...kept, ...(kept.length > 0 ? [''] : []), `[${change.section}]`, `${change.key} = ${change.toml}`, ''];
}

function splice(lines: readonly string[], first: number, last: number, replacement: readonly string[]): string[] {
  return [...lines.slice(0, first), ...replacement, ...lines.slice(last + 1)];
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)![0];
}

function isSame(found: TomlSetting, change: TomlChange): boolean {
  return found.section === change.section && found.key === change.key;
}
