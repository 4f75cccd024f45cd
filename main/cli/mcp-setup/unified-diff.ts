const CONTEXT = 3;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** What changes from one text to the other, as `diff -u` shows it; empty when nothing does. Null stands for no file. */
export function unifiedDiff(file: string, before: string | null, after: string | null): string {
  if (before === after) return '';
  const lines = compare(split(before), split(after));
  const header = [`--- ${before === null ? '/dev/null' : `a/${file}`}`, `+++ ${after === null ? '/dev/null' : `b/${file}`}`];
  return [...header, ...hunks(lines)].join('\n');
}

/** Lines without their ends; a last line without a line break is marked as `diff` does it. */
function split(text: string | null): string[] {
  if (text === null || text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push(`${lines.pop()!}\n\\ No newline at end of file`);
  return lines;
}

/** The longest common subsequence, by the textbook table. */
function compare(a: readonly string[], b: readonly string[]): Line[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: ' ', text: a[i]! });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) lines.push({ mark: '-', text: a[i++]! });
    else lines.push({ mark: '+', text: b[j++]! });
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const shown = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some((near) => near.mark !== ' '));
  const out: string[] = [];
  const number = { before: 1, after: 1 };
  for (let at = 0; at < lines.length; ) {
    const end = shown[at] ? lines.findIndex((_, later) => later > at && !shown[later]) : at + 1;
    const hunk = lines.slice(at, end === -1 ? undefined : end);
    const before = hunk.filter((line) => line.mark !== '+').length;
    const after = hunk.filter((line) => line.mark !== '-').length;
    if (shown[at]) {
      out.push(`@@ -${range(number.before, before)} +${range(number.after, after)} @@`, ...hunk.map((line) => line.mark + line.text));
    }
    number.before += before;
    number.after += after;
    at += hunk.length;
  }
  return out;
}

/** An empty side is counted from the line before it. */
function range(start: number, length: number): string {
  return `${length === 0 ? start - 1 : start},${length}`;
}
