import type { CommandSpec } from '../command.ts';

const CHANNEL = { name: 'channel', kind: 'text', about: 'The name of the channel: console, whatsapp or telegram.' } as const;

/** Talking to agents, and the channels by which people do. */
export const CHAT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'chat',
    summary: 'Talk to the agent of a group from the terminal',
    details: 'Without a text, reads lines until the end of input and shows answers as they come; lines that are piped in are said one after the other, each when the one before is answered. Without a group, the first chat of the console; there is none yet: one called Home is made. What the agent prints while it works appears beside the answers, on standard error; with --json each stretch is a line of kind output. Ctrl-C ends the waiting, not the work: the answer still stands in the chat.',
    args: [
      { name: 'group', kind: 'text', about: 'The name, folder or chat address of the group.', optional: true },
      { name: 'text', kind: 'text', about: 'What to say; the command ends with the answer.', optional: true },
    ],
    options: { wait: { kind: 'integer', value: 'SECONDS', min: 0, max: 86_400, about: 'How long to wait for an answer; 600 when not given, 0 does not wait.' } },
    examples: ['wheelhouse chat', 'wheelhouse chat family "what is for dinner?"'],
    load: async () => (await import('../chat.ts')).chat,
  },
  {
    name: 'channel list',
    summary: 'Show how the console, WhatsApp and Telegram stand',
    args: [],
    options: { chats: { kind: 'flag', about: 'Also the chats that were seen, with their addresses.' } },
    examples: ['wheelhouse channel list --chats'],
    load: async () => (await import('../channel.ts')).channelList,
  },
  {
    name: 'channel pause',
    summary: 'Keep what comes in and what is to go out on a channel until it is resumed',
    args: [CHANNEL],
    options: {},
    examples: ['wheelhouse channel pause whatsapp'],
    load: async () => (await import('../channel.ts')).channelPause,
  },
  {
    name: 'channel resume',
    summary: 'Let a paused channel go on',
    args: [CHANNEL],
    options: {},
    examples: ['wheelhouse channel resume whatsapp'],
    load: async () => (await import('../channel.ts')).channelResume,
  },
  {
    name: 'channel test',
    summary: 'Send a test message',
    args: [CHANNEL],
    options: { to: { kind: 'text', value: 'CHAT', about: 'The address of a chat, as channel list --chats shows it; without it, to yourself.' } },
    examples: ['wheelhouse channel test telegram'],
    load: async () => (await import('../channel.ts')).channelTest,
  },
  {
    name: 'channel pair',
    summary: 'Pair WhatsApp with the phone of its account, by a QR code in the terminal or a code to type there',
    details: 'On the phone: Settings, Linked devices, Link a device. The pairing that was there before ends.',
    args: [CHANNEL],
    options: { phone: { kind: 'text', value: 'DIGITS', about: 'The number of that phone with its country, as 821012345678, for a code instead of a QR code.' } },
    examples: ['wheelhouse channel pair whatsapp', 'wheelhouse channel pair whatsapp --phone 821012345678'],
    load: async () => (await import('../channel.ts')).channelPair,
  },
  {
    name: 'channel unpair',
    summary: 'Take this machine off the WhatsApp account and forget the pairing',
    args: [CHANNEL],
    options: {},
    examples: ['wheelhouse channel unpair whatsapp'],
    load: async () => (await import('../channel.ts')).channelUnpair,
  },
  {
    name: 'channel register',
    summary: 'Let an agent serve a chat that was seen',
    args: [{ name: 'chat', kind: 'text', about: 'The address of the chat, as channel list --chats shows it.' }],
    options: {
      name: { kind: 'text', value: 'NAME', about: 'What to call the group, instead of the name of the chat.' },
      trigger: { kind: 'text', value: 'WORD', about: 'What a message begins with to wake the agent, instead of @ and the name of the assistant.' },
      'no-trigger': { kind: 'flag', about: 'Every message wakes the agent.' },
    },
    examples: ['wheelhouse channel register tg:-1001234567890 --trigger @Andy'],
    load: async () => (await import('../channel.ts')).channelRegister,
  },
];
