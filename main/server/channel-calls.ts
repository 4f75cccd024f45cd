import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { CHANNEL_NAMES, type ChannelName } from '../channels/types.ts';
import type { ChannelView, ChatView } from '../../preload/contract.ts';
import type { CallDefinitions } from './calls.ts';
import { channelView, chatMessageView, chatViewOf, chatViews, type ChatRooms } from './channel-views.ts';
import { integer, oneOf, text } from './input-fields.ts';

type ChannelCallName = Extract<keyof CallDefinitions, `chat.${string}` | `chats.${string}` | `channels.${string}`>;

const DEFAULT_PAGE = 50;
const LONGEST_TEXT = 65_536;
const channel = oneOf('channel', CHANNEL_NAMES);
const group = text('group', 200);
const flag = (name: string) => z.boolean({ error: `${name} must be true or false` });

const NOTHING = z.strictObject({});
const SEND = z.strictObject({ group, text: text('text', LONGEST_TEXT), key: text('key', 100).optional() });
const HISTORY = z.strictObject({ group, before_id: integer('before_id', 1, Number.MAX_SAFE_INTEGER).optional(), limit: integer('limit', 1, 500).default(DEFAULT_PAGE) });
const CREATE = z.strictObject({ name: text('name', 100) });
const REGISTER = z.strictObject({
  jid: text('jid', 200),
  name: text('name', 100).optional(),
  trigger: text('trigger', 60).optional(),
  requires_trigger: flag('requires_trigger').optional(),
  main: flag('main').optional(),
});
const CHANNEL = z.strictObject({ channel });
const PAIR = z.strictObject({ channel, phone: text('phone', 20).optional() });
const TEST = z.strictObject({ channel, to: text('to', 200).optional() });

/** What the person does in chats and about channels, through windows and the command line. */
export function channelCalls(rooms: ChatRooms): Pick<CallDefinitions, ChannelCallName> {
  const { channels, groups } = rooms;
  const viewOf = (name: ChannelName): { readonly channel: ChannelView } => ({ channel: channelView(channels.list().find((each) => each.name === name)!) });
  const chatOf = (jid: string): { readonly chat: ChatView } => ({ chat: chatViewOf(jid, rooms)! });
  return {
    'chat.send': { by: 'window', args: SEND, run: async (args) => ({ message_id: (await channels.say(groups.find(args.group).id, args.text, args.key ?? null)).messageId }) },
    'chat.history': {
      by: 'window',
      args: HISTORY,
      run: (args) => {
        const limit = args.limit ?? DEFAULT_PAGE;
        const { id, jid, folder } = groups.find(args.group);
        const found = channels.messages.page(jid, { beforeId: args.before_id, limit: limit + 1 });
        return { group: { id, folder }, messages: found.slice(0, limit).map(chatMessageView), has_more: found.length > limit };
      },
    },
    'chat.create': {
      by: 'window',
      args: CREATE,
      run: ({ name }) => {
        const folder = groups.create({ jid: freeConsoleAddress(name, rooms), name, requiresTrigger: false });
        return chatOf(folder.jid);
      },
    },
    'chat.register': {
      by: 'window',
      args: REGISTER,
      run: ({ jid, name, trigger, requires_trigger, main }) => {
        const seen = chatViewOf(jid, rooms);
        if (seen === null) throw new AppError('INPUT_INVALID', `'${jid}' is the address of no chat. It looks as tg:-100123, 123@g.us or console:home.`, { field: 'jid' });
        groups.create({ jid, name: name ?? seen.name, trigger, requiresTrigger: requires_trigger, isMain: main });
        return chatOf(jid);
      },
    },
    'chats.list': { by: 'cli', args: NOTHING, run: () => ({ chats: chatViews(rooms) }) },
    'channels.list': { by: 'cli', args: NOTHING, run: () => ({ channels: channels.list().map(channelView) }) },
    'channels.pause': {
      by: 'window',
      args: CHANNEL,
      run: (args) => {
        channels.pause(args.channel);
        return viewOf(args.channel);
      },
    },
    'channels.resume': {
      by: 'window',
      args: CHANNEL,
      run: (args) => {
        channels.resume(args.channel);
        return viewOf(args.channel);
      },
    },
    'channels.pair': {
      by: 'window',
      args: PAIR,
      run: async (args) => {
        await channels.pair(args.channel, args.phone ?? null);
        return viewOf(args.channel);
      },
    },
    'channels.unpair': {
      by: 'window',
      args: CHANNEL,
      run: async (args) => {
        await channels.unpair(args.channel);
        return viewOf(args.channel);
      },
    },
    'channels.test': { by: 'window', args: TEST, run: (args) => channels.test(args.channel, args.to ?? null) },
    'channels.refreshGroups': { by: 'window', args: CHANNEL, run: async (args) => ({ groups: await channels.refreshGroups(args.channel) }) },
  };
}

/** `console:home` for a chat called Home; letters of every script stay. */
function freeConsoleAddress(name: string, { groups }: ChatRooms): string {
  const word = name.normalize('NFC').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '').slice(0, 60) || 'chat';
  for (let n = 1; ; n += 1) {
    const jid = n === 1 ? `console:${word}` : `console:${word}-${n}`;
    if (groups.byJid(jid) === null) return jid;
  }
}
