import { parse, TomlError, type TomlTable, type TomlValue } from 'smol-toml';

/** A value in the file: `section.key = value`. A value that is a table itself is left for the caller to refuse. */
export interface TomlSetting {
  readonly section: string;
  readonly key: string;
  readonly value: TomlValue;
}

/** A header or an assignment, with the lines it stands on (counted from 0, both included). */
export interface TomlStatement {
  readonly first: number;
  readonly last: number;
  /** The table that the statement stands in or, for a header, opens; empty at the top of the file. */
  readonly table: readonly string[];
  readonly isHeader: boolean;
  /** Sections that it mentions. */
  readonly sections: readonly string[];
  readonly settings: readonly TomlSetting[];
  /** Keys with a plain value outside of every section. */
  readonly strays: readonly string[];
}

export interface TomlDocument {
  readonly lines: readonly string[];
  readonly statements: readonly TomlStatement[];
}

/** A syntax error; `line` counts from 1. */
export class TomlSyntaxError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Splits TOML into statements with their lines, which the parser itself does not tell. A statement ends at the first
 * line end at which the parser accepts it, so strings and arrays over several lines are whole. Throws TomlSyntaxError.
 */
export function parseTomlDocument(text: string): TomlDocument {
  checkSyntax(text);
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const statements: TomlStatement[] = [];
  let table: readonly string[] = [];
  for (let first = 0; first < lines.length; first += 1) {
    if (/^\s*(?:#|$)/.test(lines[first]!)) continue;
    let last = first;
    let content = tryParse(lines[first]!);
    while (content === null) {
      last += 1;
      if (last >= lines.length) throw new TomlSyntaxError(first + 1, 'this value never ends');
      content = tryParse(lines.slice(first, last + 1).join('\n'));
    }
    const isHeader = /^\s*\[/.test(lines[first]!);
    if (isHeader) table = pathOf(content);
    statements.push({ first, last, table, isHeader, ...describe(table, isHeader ? null : content) });
    first = last;
  }
  return { lines, statements };
}

function checkSyntax(text: string): void {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new TomlSyntaxError(error.line, reason);
  }
}

function tryParse(chunk: string): TomlTable | null {
  try {
    return parse(chunk);
  } catch {
    return null;
  }
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

/** The path that a header alone opens. The last part of `[[a]]` is `[a]`, which is the name of no section. */
function pathOf(content: TomlTable): readonly string[] {
  const [entry] = Object.entries(content);
  if (!entry) return [];
  const [name, inner] = entry;
  return isTable(inner) ? [name, ...pathOf(inner)] : [`[${name}]`];
}

function describe(
  table: readonly string[],
  content: TomlTable | null,
): Pick<TomlStatement, 'sections' | 'settings' | 'strays'> {
  const [section, key] = table;
  if (section !== undefined && key !== undefined) {
    // Sections are flat: a deeper header is one setting with a table as its value, told once, at the header.
    return { sections: [section], settings: content ? [] : [{ section, key, value: {} }], strays: [] };
  }
  if (section !== undefined) {
    const settings = Object.entries(content ?? {}).map(([name, value]) => ({ section, key: name, value }));
    return { sections: content ? [] : [section], settings, strays: [] };
  }
  const entries = Object.entries(content ?? {});
  const tables = entries.flatMap(([name, value]) => (isTable(value) ? [{ name, inner: value }] : []));
  return {
    sections: tables.map(({ name }) => name),
    settings: tables.flatMap(({ name, inner }) => Object.entries(inner).map(([k, value]) => ({ section: name, key: k, value }))),
    strays: entries.filter(([, value]) => !isTable(value)).map(([name]) => name),
  };
}
