import type { ChannelView, ChatGroupView, ChatMessageView, ChatView } from '../../preload/contract.ts';

/** A chat that an agent serves. */
export interface ServedChat extends ChatView {
  readonly group: ChatGroupView;
}

const isServed = (chat: ChatView): chat is ServedChat => chat.group !== null;

/** The chats that can be talked in, the latest first. Those in which nothing was said yet stand last, the console's before others. */
export function servedChats(chats: readonly ChatView[]): readonly ServedChat[] {
  const rank = (chat: ServedChat): string => chat.lastMessageAt ?? '';
  return chats.filter(isServed).sort((a, b) => rank(b).localeCompare(rank(a)) || Number(b.channel === 'console') - Number(a.channel === 'console') || a.name.localeCompare(b.name));
}

/** Puts a page of a conversation to what is there: the newer state of a message replaces the older one. In order of id. */
export function mergeMessages(known: readonly ChatMessageView[], page: readonly ChatMessageView[]): readonly ChatMessageView[] {
  const byId = new Map([...known, ...page].map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/** How well a channel is, for the colour and shape of its state. */
export function channelTone({ state, paused }: Pick<ChannelView, 'state' | 'paused'>): 'ok' | 'warn' | 'info' | 'idle' | 'danger' {
  if (paused) return 'warn';
  switch (state) {
    case 'connected':
      return 'ok';
    case 'pairing':
      return 'info';
    case 'connecting':
    case 'off':
      return 'idle';
    case 'waiting':
      return 'warn';
    case 'logged_out':
    case 'failed':
      return 'danger';
  }
}

/** Which channels need a look by the person. */
export const troubledChannels = (channels: readonly ChannelView[]): readonly ChannelView[] =>
  channels.filter((channel) => channel.state === 'failed' || channel.state === 'logged_out' || channel.state === 'waiting');
