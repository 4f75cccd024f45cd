import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Agents } from '../access/agents.ts';
import type { Guard } from '../access/guard.ts';
import type { KillSwitch } from '../access/kill-switch.ts';
import type { Sessions } from '../access/sessions.ts';
import { getMcpTokenPath, writeMcpToken } from '../access/token-file.ts';
import type { Groups } from '../agents/groups.ts';
import { iso, type Clock } from '../base/clock.ts';
import type { TeamBus } from '../bus/bus.ts';
import { Channels } from '../channels/channels.ts';
import { ConsoleChannel } from '../channels/console-channel.ts';
import type { MovableGroups, ServedGroups, Work } from '../channels/ports.ts';
import { createBotClient } from '../channels/telegram/bot-client.ts';
import { OwnerCommands } from '../channels/telegram/owner-commands.ts';
import type { OwnerDesk } from '../channels/telegram/owner-desk.ts';
import { TelegramChannel } from '../channels/telegram/telegram-channel.ts';
import type { Language } from '../channels/telegram/texts.ts';
import { connectByBaileys } from '../channels/whatsapp/baileys.ts';
import { removeCredentials } from '../channels/whatsapp/credentials.ts';
import { WhatsAppChannel } from '../channels/whatsapp/whatsapp-channel.ts';
import type { DataPaths } from '../config/data-dir.ts';
import type { Config } from '../config/schema.ts';
import type { Notifications } from '../notify/notifications.ts';
import { machineTimeZone } from '../schedule/zones.ts';
import { checkHealth } from '../server/health.ts';
import type { Store } from '../store/store.ts';
import { Outages } from './outages.ts';

export interface ChannelsRoomOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly paths: DataPaths;
  readonly config: Config;
  /** `ANU_BOT_TOKEN` as it is now; null: there is no bot. */
  readonly botToken: () => string | null;
  /** In which language the owner is answered now. */
  readonly language: () => Language;
  readonly groups: Groups;
  readonly work: Work;
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly killSwitch: () => KillSwitch;
  readonly bus: TeamBus;
  readonly notifications: Pick<Notifications, 'enqueue'>;
  readonly report: (what: string, error: unknown) => void;
}

/** The channels room, put together. Nothing connects before `start()`. */
export function openChannels(options: ChannelsRoomOptions): Channels {
  const { store, clock, guard, paths, config, botToken, groups, report } = options;
  const zone = config.schedule.time_zone === 'system' ? machineTimeZone() : config.schedule.time_zone;
  const random = Math.random;
  const served: ServedGroups & MovableGroups = { all: () => groups.list(), byJid: (jid) => groups.byJid(jid), byId: (id) => groups.list().find((group) => group.id === id) ?? null, move: (tx, id, jid) => groups.move(tx, id, jid) };
  const isServed = (jid: string): boolean => groups.byJid(jid) !== null;
  const { assistant_name: assistantName } = config.agents;
  const owners = ownersIn(config);
  const whatsappFolder = join(paths.root, 'data', 'whatsapp');
  const outages = new Outages(store);
  const apiRoot = config.notify.telegram_api.replace(/\/+$/, '');

  const channels: Channels = new Channels({
    store,
    clock,
    random,
    guard,
    groups: served,
    work: options.work,
    adapters: {
      console: ({ events }) => new ConsoleChannel(events, served),
      whatsapp: ({ events, outbound }) =>
        new WhatsAppChannel({
          events,
          clock,
          random,
          connectSocket: connectByBaileys({ folder: whatsappFolder, sentText: (id) => outbound.textOf(id) }),
          forgetCredentials: async () => removeCredentials(whatsappFolder),
          isOurs: (id) => outbound.isOurs(id),
          isServed,
          ownNumber: config.whatsapp.own_number,
          assistantName,
          report,
        }),
      telegram: ({ events, settings, chats }) =>
        new TelegramChannel({
          events,
          settings,
          chats,
          clock,
          random,
          bot() {
            const token = botToken();
            if (token === null) return { off: 'ANU_BOT_TOKEN is not set' };
            return config.telegram.enabled ? { connect: async () => createBotClient(token, apiRoot) } : { off: 'telegram.enabled is false' };
          },
          owner: new OwnerCommands({ desk: ownerDesk(options, () => channels), clock, language: options.language, zone, owners, report }),
          owners,
          isServed,
          report,
        }),
    },
    assistantName,
    folderOf: ({ folder }) => join(paths.groups, folder),
    personName: personName(),
    zone,
    maxPromptMessages: config.channels.max_prompt_messages,
    maxAttachmentMb: config.channels.max_attachment_mb,
    retention: { days: config.storage.message_days, messages: config.storage.max_messages },
    channelDown(tx, channel, reason, since) {
      if (outages.noticesToldDown(tx, channel)) return false;
      options.notifications.enqueue(tx, { type: 'CHANNEL_DOWN', context: { channel, reason, since: iso(since) }, dedupeKey: channel });
      return true;
    },
    report,
  });
  return channels;
}

/** The language of texts to chats: of the settings, or of the machine. */
export function languageOf(setting: Config['ui']['language']): Language {
  if (setting !== 'system') return setting;
  return new Intl.DateTimeFormat().resolvedOptions().locale.startsWith('ko') ? 'ko' : 'en';
}

/** Those who are named, and the person whose private chat gets the notices; groups have negative ids. */
function ownersIn({ telegram, notify }: Config): ReadonlySet<number> {
  const home = /^[1-9]\d*$/.test(notify.telegram_chat) ? [notify.telegram_chat] : [];
  return new Set([...telegram.owners, ...home].map(Number));
}

/** Containers may run as a user without a name. */
function personName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'Owner';
  }
}

function ownerDesk({ guard, agents, sessions, killSwitch, bus, paths }: ChannelsRoomOptions, channels: () => Channels): OwnerDesk {
  const unfinished = async () => {
    const lists = await Promise.all((['in_progress', 'blocked', 'open'] as const).map(async (status) => (await bus.listTasks({ status, limit: 500 })).tasks));
    return lists.flat();
  };
  return {
    agents: () => agents.list().filter(({ status }) => status === 'active'),
    async newSession(agentId) {
      const { session, token } = await sessions.create(agents.find(agentId));
      const path = getMcpTokenPath(paths.root);
      const made = { agent: session.agentName, expiresAt: session.expiresAt === null ? null : iso(session.expiresAt), path };
      try {
        await writeMcpToken(path, token);
        return { ...made, problem: null };
      } catch (error) {
        return { ...made, problem: (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error)) };
      }
    },
    killSwitch() {
      const { state, activatedAt, reason } = killSwitch().status();
      return { on: state !== 'NORMAL', since: activatedAt, reason };
    },
    stopEverything: () => killSwitch().activate({ reason: 'From Telegram', actor: 'owner' }),
    async status() {
      const [health, tasks] = await Promise.all([checkHealth(guard, []), unfinished()]);
      const list = channels().list();
      const broken = list.flatMap(({ name, state }) => (state.state === 'failed' || state.state === 'logged_out' ? [`${name}: ${state.reason}`] : []));
      const problems = [...health.problems.map(({ message }) => message), ...broken];
      return {
        state: health.state === 'ok' && problems.length > 0 ? 'degraded' : health.state,
        killSwitch: health.killSwitch,
        problems,
        agents: agents.list().length,
        liveSessions: [...sessions.countLive().values()].reduce((sum, live) => sum + live, 0),
        openTasks: tasks.length,
        working: tasks.filter(({ status }) => status === 'in_progress').length,
        channels: list,
      };
    },
    tasks: async () => (await unfinished()).map(({ id, title, status, assignee_role }) => ({ id, title, status, assignee: assignee_role })),
  };
}
