import type { Draft } from '../draft.ts';
import { cut, linesThatFit, type Measure } from '../fit.ts';
import type { NoticeType, Severity } from '../types.ts';
import type { Words } from '../words/words.ts';
import { fieldLines, itemLine, listHead } from './lines.ts';

const TITLE_LIMIT = 256;
const DESCRIPTION_LIMIT = 4096;
const COLOURS: Readonly<Record<Severity, number>> = { info: 3_447_003, warning: 16_753_920, critical: 16_711_680 };
/** Two templates of waiaas.md §7.5 have colours of their own. */
const OWN_COLOURS: Partial<Readonly<Record<NoticeType, number>>> = { SESSION_RENEWAL_REJECTED: 15_105_570, SESSION_EXPIRING_SOON: 16_776_960, COMPLETION_DONE: 5_763_719 };

/** The body of a webhook call. */
export interface DiscordPayload {
  readonly username: 'Wheelhouse';
  readonly embeds: readonly [{ readonly title: string; readonly description: string; readonly color: number; readonly timestamp: string; readonly footer: { readonly text: 'Wheelhouse' } }];
  /** Nobody is rung by a name that stands in a task. */
  readonly allowed_mentions: { readonly parse: readonly [] };
}

/** One notice, or a list of them. Webhooks have no buttons, so a link is a masked one in the description. */
export function discordPayload(drafts: readonly Draft[], words: Words): DiscordPayload {
  const first = drafts[0]!;
  const alone = drafts.length === 1;
  const link = alone && first.link !== null ? `\n[${escapeMarkdown(first.link.label)}](${first.link.url.replaceAll(')', '%29')})` : '';
  const lines = alone ? fieldLines(first, 'discord', words) : drafts.map((draft) => itemLine(draft, words));
  return {
    username: 'Wheelhouse',
    embeds: [
      {
        title: escapeMarkdown(cut(alone ? `${first.icon} ${first.title}` : listHead(drafts, words), TITLE_LIMIT, escaped)),
        description: escapeMarkdown(cut(lines.join('\n'), DESCRIPTION_LIMIT - link.length, escaped)) + link,
        color: alone ? (OWN_COLOURS[first.type] ?? COLOURS[first.severity]) : listColour(drafts),
        timestamp: drafts.at(-1)!.createdAt,
        footer: { text: 'Wheelhouse' },
      },
    ],
    allowed_mentions: { parse: [] },
  };
}

/** How many of them, from the first, fit into one message. */
export function discordCapacity(drafts: readonly Draft[], words: Words): number {
  return linesThatFit('', drafts.map((draft) => itemLine(draft, words)), DESCRIPTION_LIMIT, escaped);
}

/** Discord counts what it is sent, backslashes too. */
const escaped: Measure = (text) => escapeMarkdown(text).length;

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\*_~`|>[\]()#-]/g, String.raw`\$&`);
}

function listColour(drafts: readonly Draft[]): number {
  return COLOURS[drafts.some(({ severity }) => severity !== 'info') ? 'warning' : 'info'];
}
