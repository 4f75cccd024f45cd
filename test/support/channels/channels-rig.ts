import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGuard } from '../../../main/access/guard.ts';
import { Channels, type ChannelAdapters } from '../../../main/channels/channels.ts';
import type { ChatRetention } from '../../../main/channels/chat-upkeep.ts';
import { ConsoleChannel } from '../../../main/channels/console-channel.ts';
import type { ServedGroup } from '../../../main/channels/ports.ts';
import type { IncomingMessage } from '../../../main/channels/types.ts';
import type { SendRates } from '../../../main/channels/send-rates.ts';
import { FakeClock } from '../fake-clock.ts';
import { makeTempDir } from '../temp-dir.ts';
import { makeTempStore } from '../temp-store.ts';
import { WireChannel } from './wire-channel.ts';

export const FAMILY = 'tg:-100200300';

export interface ChannelsRigOptions {
  readonly rates?: SendRates;
  readonly maxLength?: number;
  readonly maxPromptMessages?: number;
  readonly maxAttachmentMb?: number;
  readonly retention?: ChatRetention;
  readonly adapters?: Partial<ChannelAdapters>;
}

/** The room on a real database, with networks whose answers the test decides, and groups that the test names. */
export function makeChannels(options: ChannelsRigOptions = {}) {
  const clock = new FakeClock();
  const { store, file, close: closeStore } = makeTempStore(clock);
  const dir = makeTempDir();
  const groups: ServedGroup[] = [];
  const arrived: string[] = [];
  const downs: { readonly channel: string; readonly reason: string }[] = [];
  const outage = { known: false };
  const reported: { readonly what: string; readonly error: unknown }[] = [];
  const wires: { telegram?: WireChannel; whatsapp?: WireChannel } = {};
  const move = (_tx: unknown, id: string, jid: string): void => {
    const at = groups.findIndex((group) => group.id === id);
    groups[at] = { ...groups[at]!, jid };
  };
  const served = { all: () => groups, byId: (id: string) => groups.find((group) => group.id === id) ?? null, byJid: (jid: string) => groups.find((group) => group.jid === jid) ?? null, move };
  const wire = (name: 'telegram' | 'whatsapp') => (context: Parameters<ChannelAdapters['telegram']>[0]) => (wires[name] = new WireChannel({ name, ...options }, context.events));
  const make = () =>
    new Channels({
      store,
      clock,
      random: () => 0.5,
      guard: createGuard(store),
      groups: served,
      work: { messagesArrived: (groupId) => void arrived.push(groupId) },
      adapters: { console: ({ events }) => new ConsoleChannel(events, served), telegram: wire('telegram'), whatsapp: wire('whatsapp'), ...options.adapters },
      assistantName: 'Andy',
      folderOf: ({ folder }) => {
        mkdirSync(join(dir.path, folder), { recursive: true });
        return join(dir.path, folder);
      },
      personName: 'Minho',
      zone: 'Asia/Seoul',
      maxPromptMessages: options.maxPromptMessages ?? 200,
      maxAttachmentMb: options.maxAttachmentMb ?? 20,
      retention: options.retention ?? { days: null, messages: null },
      channelDown: (_tx, channel, reason) => !outage.known && downs.push({ channel, reason }) > 0,
      report: (what, error) => void reported.push({ what, error }),
    });
  let channels = make();
  return {
    clock,
    store,
    file,
    dir: dir.path,
    groups,
    arrived,
    downs,
    /** Whether people know from elsewhere that the networks are down. */
    outage,
    reported,
    get channels() {
      return channels;
    },
    get telegram() {
      return wires.telegram!;
    },
    get whatsapp() {
      return wires.whatsapp!;
    },
    /** A group that is served; the family on Telegram, whose agent wakes to `@Andy`, unless said otherwise. */
    serve(group: Partial<ServedGroup> = {}): ServedGroup {
      const whole: ServedGroup = { id: `g${groups.length + 1}`, jid: FAMILY, name: 'Family', folder: `g${groups.length + 1}`, trigger: '@Andy', requiresTrigger: true, isMain: false, ...group };
      groups.push(whole);
      return whole;
    },
    /** As after a restart: everything that is not in the database is gone. */
    restart(): Channels {
      channels = make();
      return channels;
    },
    reply(groupId: string, text: string, kind: 'reply' | 'error' | 'progress' = 'reply'): boolean {
      return store.transact((tx) => channels.conversations.reply(tx, groupId, text, { runId: 'r1', kind }));
    },
    setKillSwitch(state: 'NORMAL' | 'ACTIVATED'): void {
      store.transact((tx) => {
        store.db.prepare("UPDATE system_state SET value = ? WHERE key = 'kill_switch_status'").run(JSON.stringify(state));
        tx.event({ kind: 'kill_switch', action: state === 'NORMAL' ? 'recovered' : 'activated', text: state });
      });
    },
    events(kind: string): readonly { readonly action: string; readonly text: string; readonly data: string }[] {
      return store.db.prepare('SELECT action, text, data FROM events WHERE kind = ? ORDER BY id').all(kind) as { action: string; text: string; data: string }[];
    },
    async close(): Promise<void> {
      await channels.stop();
      closeStore();
      dir.remove();
    },
  };
}

/** A message in the family, from Bo at 18:00 in Seoul, unless said otherwise. */
export function incoming(message: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    chat: { jid: FAMILY, name: 'Family', isGroup: true },
    id: Math.random().toString(36).slice(2),
    sender: '42',
    senderName: 'Bo',
    text: '@Andy hello',
    sentAt: Date.UTC(2026, 10, 20, 9, 0, 0),
    fromBot: false,
    addressed: false,
    attachments: [],
    ...message,
  };
}
