import { expect, test } from 'vitest';
import type { ChannelView, ChatMessageView, ChatView } from '../../../preload/contract.ts';
import { channelTone, mergeMessages, servedChats, troubledChannels } from '../../../renderer/state/chats.ts';

const chat = (name: string, lastMessageAt: string | null, channel: ChatView['channel'] = 'telegram', served = true): ChatView => ({
  jid: name,
  channel,
  name,
  isGroup: true,
  lastMessageAt,
  group: served ? { id: name, name, trigger: '@Andy', requiresTrigger: true, isMain: false, working: false, last: null } : null,
});
const message = (id: number, delivery: ChatMessageView['delivery'] = null): ChatMessageView => ({ id, jid: 'x', senderName: 'Bo', fromPerson: false, fromBot: false, content: '', sentAt: '', kind: 'message', delivery, deliveryError: null, runId: null });
const channel = (state: ChannelView['state'], paused = false): ChannelView => ({ name: 'telegram', paused, state, reason: null, as: null, qr: null, code: null, retryAt: null, lastInAt: null, lastOutAt: null, waiting: 0 });

test('chats that agents serve come with the latest first, and those without a word last, the console before others', () => {
  const chats = [chat('old', '2026-01-01'), chat('silent', null), chat('private', '2026-03-01', 'whatsapp', false), chat('home', null, 'console'), chat('new', '2026-02-01')];
  expect(servedChats(chats).map(({ name }) => name)).toEqual(['new', 'old', 'home', 'silent']);
});

test('a page that is read again replaces what it knows better, and keeps what it does not have', () => {
  expect(mergeMessages([message(1), message(2, 'waiting')], [message(3), message(2, 'sent')]).map(({ id, delivery }) => [id, delivery])).toEqual([[1, null], [2, 'sent'], [3, null]]);
});

test.each([
  ['connected', false, 'ok'],
  ['connected', true, 'warn'],
  ['pairing', false, 'info'],
  ['off', false, 'idle'],
  ['connecting', false, 'idle'],
  ['waiting', false, 'warn'],
  ['logged_out', false, 'danger'],
  ['failed', false, 'danger'],
] as const)('a channel that is %s (paused: %s) looks %s', (state, paused, tone) => {
  expect(channelTone(channel(state, paused))).toBe(tone);
});

test('channels that lost what they had need a look, those that nobody turned on do not', () => {
  expect(troubledChannels([channel('off'), channel('connected'), channel('waiting'), channel('failed'), channel('logged_out')]).map(({ state }) => state)).toEqual(['waiting', 'failed', 'logged_out']);
});
