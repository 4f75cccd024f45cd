/** What a `.done` file says about itself: data, never run, and never trusted to be well-formed. */
export interface DoneContent {
  /** What was achieved, in a few lines. */
  readonly summary: string | null;
  /** The path or address of a report: shown, never opened by itself. */
  readonly report: string | null;
  readonly team: string | null;
}

export interface ReadContent extends DoneContent {
  /** It begins like JSON and ends too early, as a file that is being written does. */
  readonly unfinished: boolean;
}

const LONGEST = { summary: 2000, report: 1000, team: 60 } as const;
const NOTHING: ReadContent = { summary: null, report: null, team: null, unfinished: false };

/** Reads an optional body: a JSON object with `summary`, `report` and `team`, or plain text, which is the summary. */
export function readContent(bytes: Uint8Array): ReadContent {
  const text = new TextDecoder('utf-8').decode(bytes).trim();
  if (text === '') return NOTHING;
  if (!text.startsWith('{')) return { ...NOTHING, summary: words(text, 'summary') };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ...NOTHING, summary: words(text, 'summary'), unfinished: true };
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return { summary: words(fields['summary'], 'summary'), report: oneLine(fields['report'], 'report'), team: oneLine(fields['team'], 'team'), unfinished: false };
}

/** The body that {@link readContent} reads back; empty when there is nothing to say. */
export function writeContent({ summary, report, team }: DoneContent): string {
  const fields = { ...(summary !== null && { summary }), ...(report !== null && { report }), ...(team !== null && { team }) };
  return Object.keys(fields).length === 0 ? '' : `${JSON.stringify(fields)}\n`;
}

/** Text without what could disguise it: control characters, and signs that turn the direction of writing. */
function words(value: unknown, field: keyof typeof LONGEST): string | null {
  if (typeof value !== 'string') return null;
  // Lines and tabs stay; half of a surrogate pair would not survive being stored.
  const clean = value.toWellFormed().replaceAll(/[^\P{C}\n\t]/gu, '').trim();
  if (clean === '') return null;
  return clean.length <= LONGEST[field] ? clean : `${clean.slice(0, LONGEST[field] - 1).toWellFormed().replace(/\uFFFD$/, '')}…`;
}

function oneLine(value: unknown, field: keyof typeof LONGEST): string | null {
  return words(value, field)?.replaceAll(/\s+/g, ' ') ?? null;
}
