import { describe, expect, test } from 'vitest';
import { draftOf } from '../../../main/notify/draft.ts';
import { discordPayload } from '../../../main/notify/payloads/discord.ts';
import { ntfyPayload } from '../../../main/notify/payloads/ntfy.ts';
import { telegramPayload } from '../../../main/notify/payloads/telegram.ts';
import { wordsIn } from '../../../main/notify/words/words.ts';
import { sample } from '../../support/notice-samples.ts';
import { parseTelegramText } from '../../support/telegram-text.ts';

const NAMES = ['a_b*[x](http://evil.example)', '<b>bold</b> & co', '@everyone', '`code` ~~gone~~ ||hidden||', 'back\\slash'];
const TYPES = ['SESSION_RENEWED', 'SESSION_RENEWAL_REJECTED', 'SESSION_EXPIRING_SOON', 'AUTO_STOP_TRIGGERED'] as const;
/** What Discord shows of a text in which every sign of its markup is escaped. */
const unescaped = (text: string): string => text.replaceAll(/\\([^A-Za-z0-9\s])/g, '$1');

describe.each(['en', 'ko'] as const)('C4: whatever an agent is called, its name is text and nothing else, in %s', (locale) => {
  const words = wordsIn(locale, 'Asia/Seoul');
  test.each(TYPES.flatMap((type) => NAMES.map((name) => ({ type, name }))))('$type of $name', ({ type, name }) => {
    const draft = draftOf({ id: 1, createdAt: '2026-11-20T09:00:00.000Z', ...sample(type, { agentName: name }) }, words, false, null);
    const telegram = parseTelegramText(telegramPayload('1', [draft], words).text, 'HTML');
    expect(telegram).toHaveProperty('text');
    expect((telegram as { readonly text: string }).text).toContain(name);

    const discord = discordPayload([draft], words);
    const [embed] = discord.embeds;
    expect(unescaped(embed.description)).toContain(name);
    // In that one there is nothing to escape: that nobody is mentioned is what keeps it quiet.
    expect(embed.description.includes(name)).toBe(name === '@everyone');
    expect(discord.allowed_mentions).toEqual({ parse: [] });

    expect(ntfyPayload('t', [draft], words).message).toContain(name);
  });
});
