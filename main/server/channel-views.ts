import type { Groups } from '../agents/groups.ts';
import { iso } from '../base/clock.ts';
import type { Channels, ChannelStatus } from '../channels/channels.ts';
import { channelOf } from '../channels/channel-of.ts';
import type { Chat, ChatMessage } from '../channels/types.ts';
import type { ChannelView, ChatMessageView, ChatView } from '../../preload/contract.ts';

/** The chats and who serves them. */
export interface ChatRooms {
  readonly channels: Channels;
  readonly groups: Groups;
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
const MOST_CHATS = 200;
const PREVIEW = 160;

/** A channel as windows and the command line see it. */
export function channelView({ name, paused, state, lastInAt, lastOutAt, waiting }: ChannelStatus): ChannelView {
  return {
    name,
    paused,
    state: state.state,
    reason: 'reason' in state ? state.reason : null,
    as: state.state === 'connected' ? state.as : null,
    qr: state.state === 'pairing' ? state.qr : null,
    code: state.state === 'pairing' ? state.code : null,
    retryAt: state.state === 'waiting' ? iso(state.retryAt) : null,
    lastInAt: isoOrNull(lastInAt),
    lastOutAt: isoOrNull(lastOutAt),
    waiting,
  };
}

/** What is known of the chats, the latest first; those that are served are all there, also before anything was said in them. */
export function chatViews({ channels, groups }: ChatRooms): readonly ChatView[] {
  const seen = channels.chats.list(MOST_CHATS);
  const known = new Set(seen.map(({ jid }) => jid));
  const rest = groups.list().filter(({ jid }) => !known.has(jid));
  const others = rest.map(({ jid, name }): Chat | null => channels.chats.get(jid) ?? unseen(jid, name)).filter((chat) => chat !== null);
  return [...seen, ...others].map((chat) => chatView(chat, { channels, groups }));
}

/** One chat; null for an address that no channel owns. */
export function chatViewOf(jid: string, rooms: ChatRooms): ChatView | null {
  const chat = rooms.channels.chats.get(jid) ?? unseen(jid, rooms.groups.byJid(jid)?.name ?? jid);
  return chat === null ? null : chatView(chat, rooms);
}

/** A message of a chat as windows and the command line see it. */
export function chatMessageView({ id, jid, sender, senderName, content, sentAt, kind, fromBot, runId, delivery, deliveryError }: ChatMessage): ChatMessageView {
  return { id, jid, senderName, fromPerson: sender === 'person', fromBot, content, sentAt: iso(sentAt), kind, delivery, deliveryError, runId };
}

function chatView({ jid, channel, name, isGroup, lastMessageAt }: Chat, { channels, groups }: ChatRooms): ChatView {
  const group = groups.byJid(jid);
  const [last] = group === null ? [] : channels.messages.page(jid, { limit: 1 });
  return {
    jid,
    channel,
    name: group?.name ?? name,
    isGroup,
    lastMessageAt: isoOrNull(lastMessageAt),
    group:
      group === null
        ? null
        : {
            id: group.id,
            name: group.name,
            trigger: group.trigger,
            requiresTrigger: group.requiresTrigger,
            isMain: group.isMain,
            working: channels.workingIn().includes(jid),
            last: last === undefined ? null : { id: last.id, sender: last.senderName, text: [...last.content.replaceAll(/\s+/g, ' ')].slice(0, PREVIEW).join('') },
          },
  };
}

/** A chat that is served and in which nothing was said yet. */
function unseen(jid: string, name: string): Chat | null {
  const channel = channelOf(jid);
  return channel === null ? null : { jid, channel, name, isGroup: channel === 'console' ? true : null, lastMessageAt: null, lastInAt: null, lastOutAt: null };
}
