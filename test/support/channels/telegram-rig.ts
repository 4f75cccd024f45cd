import { systemClock } from '../../../main/base/clock.ts';
import { ChannelSettings } from '../../../main/channels/channel-settings.ts';
import { Chats } from '../../../main/channels/chats.ts';
import type { ChannelEvents } from '../../../main/channels/channel.ts';
import { createBotClient } from '../../../main/channels/telegram/bot-client.ts';
import { OwnerCommands } from '../../../main/channels/telegram/owner-commands.ts';
import type { OwnerDesk } from '../../../main/channels/telegram/owner-desk.ts';
import { TelegramChannel } from '../../../main/channels/telegram/telegram-channel.ts';
import type { Language } from '../../../main/channels/telegram/texts.ts';
import type { Clock } from '../../../main/base/clock.ts';
import { makeTempStore } from '../temp-store.ts';
import { BOT_TOKEN, startTelegramApi } from '../telegram-api.ts';

export const OWNER_ID = 6937032012;
export const TEAM = -1001234567890;

export interface TelegramRigOptions {
  readonly token?: string | null;
  readonly desk?: Partial<OwnerDesk>;
  readonly language?: Language;
  readonly clock?: Clock;
  readonly served?: readonly string[];
}

const NOBODY: OwnerDesk = {
  agents: () => [],
  newSession: async () => Promise.reject(new Error('no desk')),
  killSwitch: () => ({ on: false, since: null, reason: null }),
  stopEverything: () => ({ sessionsRevoked: 0, agentsSuspended: 0 }),
  status: async () => ({ state: 'ok', killSwitch: 'NORMAL', problems: [], agents: 0, liveSessions: 0, openTasks: 0, working: 0, channels: [] }),
  tasks: async () => [],
};

/** The channel against the Bot API on loopback. */
export async function makeTelegram(events: ChannelEvents, options: TelegramRigOptions = {}) {
  const api = await startTelegramApi();
  const clock = options.clock ?? systemClock;
  const { store, close: closeStore } = makeTempStore(clock);
  const reported: { readonly what: string; readonly error: unknown }[] = [];
  const report = (what: string, error: unknown): void => void reported.push({ what, error });
  const token = options.token === undefined ? BOT_TOKEN : options.token;
  const owners = new Set([OWNER_ID]);
  const make = (): TelegramChannel =>
    new TelegramChannel({
      events,
      settings: new ChannelSettings(store),
      chats: new Chats(store),
      clock,
      // The shortest wait between tries.
      random: () => 0,
      bot: () => (token === null ? { off: 'ANU_BOT_TOKEN is not set' } : { connect: async () => createBotClient(token, api.apiRoot) }),
      owner: new OwnerCommands({ desk: { ...NOBODY, ...options.desk }, clock, language: () => options.language ?? 'en', zone: 'Asia/Seoul', owners, report }),
      owners,
      isServed: (jid) => (options.served ?? []).includes(jid),
      report,
    });
  return {
    api,
    store,
    reported,
    channel: make(),
    make,
    async close(): Promise<void> {
      await api.close();
      closeStore();
    },
  };
}

let lastMessage = 1000;
type Fields = Readonly<Record<string, unknown>>;

/** An update with a message in the team's group, from Mia, unless said otherwise. */
export function telegramMessage(message: Fields = {}): Fields {
  lastMessage += 1;
  return {
    message: {
      message_id: lastMessage,
      date: Math.floor(Date.now() / 1000),
      chat: { id: TEAM, type: 'supergroup', title: 'Team' },
      from: { id: 77, is_bot: false, first_name: 'Mia', last_name: 'Kim' },
      ...message,
    },
  };
}

/** A command in the private chat with the owner, unless said otherwise. */
export function telegramCommand(text: string, message: Fields = {}): Fields {
  return telegramMessage({
    chat: { id: OWNER_ID, type: 'private', first_name: 'Minho' },
    from: { id: OWNER_ID, is_bot: false, first_name: 'Minho' },
    text,
    entities: [{ type: 'bot_command', offset: 0, length: text.split(' ', 1)[0]!.length }],
    ...message,
  });
}

/** A button below a message of the bot is pressed, by the owner unless said otherwise. */
export function telegramPress(messageId: number, data: string, fromId = OWNER_ID): Fields {
  return {
    callback_query: {
      id: `press-${messageId}-${data}`,
      from: { id: fromId, is_bot: false, first_name: 'Somebody' },
      chat_instance: '1',
      message: { message_id: messageId, date: Math.floor(Date.now() / 1000), chat: { id: OWNER_ID, type: 'private', first_name: 'Minho' }, text: 'question' },
      data,
    },
  };
}
