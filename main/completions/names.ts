/** The marker files beside `<task>.done` (seed 003 §2.2): what other tools read, and what they may make themselves. */
export const MARKERS = ['notified', 'acked', 'escalated'] as const;
export type Marker = (typeof MARKERS)[number];

/** What the name of a file in a watched folder says. */
export type EntryName =
  | { readonly kind: 'done'; readonly task: string }
  | { readonly kind: 'marker'; readonly task: string; readonly marker: Marker }
  /** It claims to be a completion, but its name could not be handed on safely. */
  | { readonly kind: 'refused' }
  /** Something else that lives there, as `bot-activity.json`. */
  | { readonly kind: 'other' };

/** With the longest marker and a number in the archive a name stays below the 255 bytes that file systems allow. */
const LONGEST_TASK_BYTES = 180;
/** Letters and digits of any script with their marks, and `. _ -` inside: no quotes, no spaces, nothing a shell would read (D5, D9). */
const TASK = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*$/u;
/** `a.done.b.done` could be a marker of `a`. */
const INNER_DONE = /\.done(?:\.|$)/;
const MARKER_NAME = /^(.*)\.done\.(notified|acked|escalated)$/s;

/** The rule for names of tasks, for messages. */
export const TASK_RULE = `1 to ${LONGEST_TASK_BYTES} bytes of letters, digits and . _ - inside; it begins with a letter or a digit, and has no ".done" in it`;

/** Whether a task may be called so; see {@link TASK_RULE}. */
export function isTaskName(task: string): boolean {
  return TASK.test(task) && !task.endsWith('.') && !INNER_DONE.test(task) && Buffer.byteLength(task) <= LONGEST_TASK_BYTES;
}

/** Reads the name of one entry of a folder. */
export function readName(name: string): EntryName {
  if (name.endsWith('.done')) {
    const task = name.slice(0, -'.done'.length);
    return isTaskName(task) ? { kind: 'done', task } : { kind: 'refused' };
  }
  const [, task, marker] = MARKER_NAME.exec(name) ?? [];
  if (task === undefined || !isTaskName(task)) return { kind: 'other' };
  return { kind: 'marker', task, marker: marker as Marker };
}

/** The name of the file that says that a task is done. */
export const doneName = (task: string): string => `${task}.done`;

/** The name of one of its marker files. */
export const markerName = (task: string, marker: Marker): string => `${task}.done.${marker}`;

/** A name as one line of printable text, for people and logs: what cannot be seen is written as an escape. */
export function printable(name: string): string {
  return name.replaceAll(/[\p{C}\p{Zl}\p{Zp}\uFFFD]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}
