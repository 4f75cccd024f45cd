import { AppError } from '../../base/errors.ts';

const BEGIN = '<!-- wheelhouse:begin (kept by "wheelhouse mcp setup"; write outside of it) -->';
const END = '<!-- wheelhouse:end -->';
const BEGIN_PATTERN = /<!-- wheelhouse:begin\b[^\n]*-->/;

/** Puts `content` between the markers: in the place of an earlier block, or as the last part of the text. */
export function setBlock(text: string, content: string, file: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = [BEGIN, ...content.trim().split('\n'), END].join(eol);
  const present = findBlock(text, file);
  if (present !== null) return text.slice(0, present.start) + block + text.slice(present.end);
  if (text === '') return `${block}${eol}`;
  return text.endsWith('\n') ? `${text}${eol}${block}${eol}` : `${text}${eol}${eol}${block}`;
}

/** Takes the block out, with the lines that {@link setBlock} put around it; a text without one comes back unchanged. */
export function removeBlock(text: string, file: string): string {
  const present = findBlock(text, file);
  if (present === null) return text;
  const before = text.slice(0, present.start);
  const after = text.slice(present.end);
  if (after.trim() !== '') return before + after.replace(/^\r?\n(?:\r?\n)?/, '');
  // Mirrors how the block was appended: the end of the file tells whether the text before it ended with a line break.
  const endedWithBreak = after !== '';
  return endedWithBreak ? before.replace(/\r?\n$/, '') : before.replace(/\r?\n\r?\n$/, '');
}

/** Whether the text holds the block. */
export function hasBlock(text: string): boolean {
  return BEGIN_PATTERN.test(text);
}

/** Throws CONFIG_INVALID when the markers do not pair, because guessing could delete somebody's words. */
function findBlock(text: string, file: string): { readonly start: number; readonly end: number } | null {
  const begin = BEGIN_PATTERN.exec(text);
  const begins = text.split(/<!-- wheelhouse:begin\b/).length - 1;
  const ends = text.split(END).length - 1;
  if (begin === null && ends === 0) return null;
  const end = begin === null ? -1 : text.indexOf(END, begin.index);
  if (begin === null || begins !== 1 || ends !== 1 || end < 0) {
    throw new AppError('CONFIG_INVALID', `${file} holds ${begins} begin and ${ends} end markers of Wheelhouse, and needs one of each or none. Delete the stray ones; nothing was changed.`, { file });
  }
  return { start: begin.index, end: end + END.length };
}
