import type { LogEvent } from '../../preload/contract.ts';
import { scalarsOf, type Params, type Translator } from './translate.ts';

/** The number in `task:12`; null for subjects that are names. */
export function numberOfSubject(subject: string | null): number | null {
  const digits = /:(\d+)$/.exec(subject ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** What follows the first colon: the words of a message, which the log keeps in its own sentence. */
const excerptOf = (text: string): string => text.slice(text.indexOf(': ') + 2);

/** Of these the log says why something went wrong. */
const WITH_REASONS: ReadonlySet<string> = new Set(['run', 'schedule', 'channel']);

function paramsOf({ kind, role, subject, text, data }: LogEvent, { find, own }: Pick<Translator, 'find' | 'own'>): Params {
  const id = numberOfSubject(subject);
  const ids = data['ids'];
  const status = (word: unknown): string | undefined => (typeof word === 'string' ? (find(`task.status.${word}`, {}) ?? word) : undefined);
  const reasoned = (words: string): string => (WITH_REASONS.has(kind) ? own(words) : words);
  const { reason, why } = data;
  const [from, to] = [status(data['from']), status(data['to'])];
  return {
    ...scalarsOf(data),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(role !== null && { role }),
    ...(id !== null && { id: String(id) }),
    ...(Array.isArray(ids) && { count: ids.length }),
    ...(text.includes(': ') && { excerpt: reasoned(excerptOf(text)) }),
    ...(typeof reason === 'string' && { reason: reasoned(reason) }),
    ...(typeof why === 'string' && { why: reasoned(why) }),
  };
}

/** One line of the log in the person's language, without its role; the core's own sentence where there is no text for it. */
export function eventText(translator: Pick<Translator, 'find' | 'own'>, event: LogEvent): string {
  return translator.find(`event.${event.kind}.${event.action}`, paramsOf(event, translator)) ?? event.text;
}
