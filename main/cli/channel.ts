import type { ChannelView, ChatView } from '../../preload/contract.ts';
import { CHANNEL_NAMES, type ChannelName } from '../channels/types.ts';
import type { CommandContext } from './command.ts';
import type { Core } from './core.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError, type Input } from './input.ts';
import { localTime, oneLine, table } from './text.ts';

const STATES: Readonly<Record<ChannelView['state'], string>> = {
  off: 'off',
  connecting: 'connecting',
  pairing: 'waits to be paired',
  connected: 'connected',
  waiting: 'reconnecting',
  logged_out: 'logged out',
  failed: 'cannot be used',
};

/** `wheelhouse channel list`. */
export async function channelList({ core, input, output }: CommandContext): Promise<number> {
  const opened = await core('running');
  const { channels } = await opened.call('channels.list', {});
  const rows = channels.map((channel) => [channel.name, stateOf(channel), String(channel.waiting), timeOf(channel.lastInAt), timeOf(channel.lastOutAt)]);
  const list = table([['CHANNEL', 'STATE', 'WAITING', 'LAST IN', 'LAST OUT'], ...rows]);
  if (!input.flag('chats')) {
    output.result({ channels }, list);
    return EXIT.ok;
  }
  const { chats } = await opened.call('chats.list', {});
  output.result({ channels, chats }, `${list}\n\n${chats.length === 0 ? 'No chat was seen yet.' : chatTable(chats)}`);
  return EXIT.ok;
}

function chatTable(chats: readonly ChatView[]): string {
  const rows = chats.map((chat) => [oneLine(chat.name), chat.group === null ? 'not served' : chat.group.requiresTrigger && !chat.group.isMain ? `served, ${chat.group.trigger}` : 'served', timeOf(chat.lastMessageAt), chat.jid]);
  return table([['CHAT', 'GROUP', 'LAST MESSAGE', 'ADDRESS'], ...rows]);
}

function stateOf({ state, paused, as, reason }: ChannelView): string {
  const word = paused ? `paused (${STATES[state]})` : STATES[state];
  return [word, ...(as === null ? [] : [`as ${as}`]), ...(reason === null ? [] : [`(${oneLine(reason)})`])].join(' ');
}

const timeOf = (time: string | null): string => (time === null ? '-' : localTime(time));

/** `wheelhouse channel pause`. */
export async function channelPause({ core, input, output }: CommandContext): Promise<number> {
  const name = channelIn(input);
  const done = await (await core('running')).call('channels.pause', { channel: name });
  output.result(done, `${name} is paused. What comes in and what is to go out is kept.`);
  return EXIT.ok;
}

/** `wheelhouse channel resume`. */
export async function channelResume({ core, input, output }: CommandContext): Promise<number> {
  const name = channelIn(input);
  const done = await (await core('running')).call('channels.resume', { channel: name });
  output.result(done, `${name} goes on.`);
  return EXIT.ok;
}

/** `wheelhouse channel test`. */
export async function channelTest({ core, input, output }: CommandContext): Promise<number> {
  const to = input.text('to');
  const done = await (await core('running')).call('channels.test', { channel: channelIn(input), ...(to !== undefined && { to }) });
  output.result(done, `A test message for ${done.jid} is queued.`);
  return EXIT.ok;
}

/** `wheelhouse channel register`. */
export async function channelRegister({ core, input, output }: CommandContext): Promise<number> {
  const name = input.text('name');
  const trigger = input.text('trigger');
  const done = await (await core('running')).call('chat.register', {
    jid: input.argText('chat'),
    ...(name !== undefined && { name }),
    ...(trigger !== undefined && { trigger }),
    ...(input.flag('no-trigger') && { requires_trigger: false }),
  });
  output.result(done, `${oneLine(done.chat.name)} is served by an agent now.`);
  return EXIT.ok;
}

/** `wheelhouse channel unpair`. */
export async function channelUnpair({ core, input, output }: CommandContext): Promise<number> {
  const done = await (await core('running')).call('channels.unpair', { channel: channelIn(input) });
  output.result(done, 'This machine is off the WhatsApp account.');
  return EXIT.ok;
}

/** `wheelhouse channel pair`: shows each code in turn until the phone has taken one. */
export async function channelPair(context: CommandContext): Promise<number> {
  const { core, input, output } = context;
  const name = channelIn(input);
  const phone = input.text('phone');
  const opened = await core('running');
  await opened.call('channels.pair', { channel: name, ...(phone !== undefined && { phone }) });
  const { renderUnicodeCompact } = await import('uqr');
  let shown: string | null = null;
  let told: string | null = null;
  const end = await followChannel(context, opened, name, (channel) => {
    const code = channel.code ?? channel.qr;
    if (code !== null && code !== shown) {
      shown = code;
      const text = channel.code === null ? renderUnicodeCompact(code, { border: 2 }) : `Type this code on the phone: ${code}`;
      output.note(`${text}\nOn the phone: Settings, Linked devices, Link a device. Ctrl-C stops looking; the pairing goes on.`);
    }
    if (channel.state === 'waiting' && channel.reason !== told) {
      told = channel.reason;
      output.note(`WhatsApp: ${channel.reason ?? ''}. It is tried again; Ctrl-C stops looking.`);
    }
    return channel.state === 'connected' || channel.state === 'failed' || channel.state === 'logged_out' || channel.state === 'off';
  });
  if (end === null) return EXIT.ok;
  output.result({ channel: { ...end, qr: null, code: null } }, end.state === 'connected' ? `WhatsApp is connected as ${end.as ?? 'this account'}.` : `WhatsApp ${STATES[end.state]}: ${end.reason ?? ''}`);
  return end.state === 'connected' ? EXIT.ok : EXIT.failure;
}

/** Looks at a channel after each change until `look` says enough. Null: the person stopped it. */
async function followChannel({ io }: CommandContext, core: Core, name: ChannelName, look: (channel: ChannelView) => boolean): Promise<ChannelView | null> {
  return new Promise<ChannelView | null>((resolve, reject) => {
    let looking: Promise<void> = Promise.resolve();
    const finish = (end: () => void): void => {
      stopListening();
      unwatch();
      end();
    };
    const once = async (): Promise<void> => {
      const { channels } = await core.call('channels.list', {});
      const channel = channels.find((each) => each.name === name)!;
      if (look(channel)) finish(() => resolve(channel));
    };
    const unwatch = core.watch(
      () => {
        looking = looking.then(once);
        looking.catch((error: unknown) => finish(() => reject(error)));
      },
      (error) => finish(() => reject(error)),
    );
    const stopListening = io.onStop(() => finish(() => resolve(null)));
  });
}

/** Throws UsageError. */
function channelIn(input: Input): ChannelName {
  const word = input.argText('channel');
  const found = CHANNEL_NAMES.find((name) => name === word);
  if (found === undefined) throw new UsageError(`There is no channel '${word}'. There are: ${CHANNEL_NAMES.join(', ')}.`);
  return found;
}
