import { choice, flag, integer, limit, text, texts, type ValueType } from './value-types.ts';

/** One key of the configuration. */
export interface Setting<T> {
  readonly type: ValueType<T>;
  readonly default: T;
  /** One sentence for people. */
  readonly about: string;
  /** Whether a change in the Settings window works at once; everything else works from the next start. */
  readonly live: boolean;
}

function setting<T>(type: ValueType<T>, fallback: T, about: string, when: 'live' | 'restart' = 'restart'): Setting<T> {
  return { type, default: fallback, about, live: when === 'live' };
}

/** A name on the bus: letters of any script, digits, and `. _ -` inside. */
const ROLE = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,38}[\p{L}\p{N}])?$/u;
const RESOURCE = /^[^\s\p{C}](?:[^\p{C}]{0,198}[^\s\p{C}])?$/u;
/** A path as a person writes it; the place from which it counts stands in the setting. */
const PATH = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,1000}$/u;
const OPTIONAL_PATH = /^[^\p{Cc}\p{Zl}\p{Zp}]{0,1000}$/u;
const BOT_TEAM = /^[^\s=\p{C}]{1,60}=[^\s=\p{C}]{0,60}$/u;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/;
const ASSISTANT = /^[^\s\p{C}](?:[^\p{C}]{0,38}[^\s\p{C}])?$/u;
const HOST_HEADER = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const CHAT = /^(?:-?\d{1,20}|@\w{5,32})?$/;
const ADDRESS = /^https?:\/\/[^\s\p{C}]+$/u;
const TOPIC = /^[-_A-Za-z0-9]{0,64}$/;
const NOTICE_CHANNEL = /^(?:telegram|discord|ntfy|desktop)$/;
const QUIET_HOURS = /^(?:(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)?$/;

const ENGINE_HOST = /^(?:|[^\s\p{C}]{1,500})$/u;
/** As the engines take it: a registry and a path in small letters, a tag. */
const IMAGE = /^(?=.{1,255}$)[A-Za-z0-9](?:[A-Za-z0-9._:/-]*[A-Za-z0-9])?(?:@sha256:[0-9a-f]{64})?$/;
const ARGUMENT = /^[^\p{C}]{1,1000}$/u;
const HOST_PORT = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]):\d{1,5}$/;
/** Without user, query and fragment: the names of files are put behind it, and it stands in logs. */
const UPDATE_FEED = /^(?:|(?:https:\/\/[^\s\p{C}@/?#]+|http:\/\/(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?)(?:\/[^\s\p{C}?#]*)?)$/u;
const VARIABLE = /^[A-Z_][A-Z0-9_]{0,99}$/;

/**
 * The one table of all settings (DESIGN §16). The type {@link Config}, validation, environment names and
 * docs/configuration.md come from it. Sections are one word, so that `WAIAAS_<SECTION>_<KEY>` splits at the first `_`.
 */
export const SCHEMA = {
  server: {
    host: setting(text(HOST, 'an IP address or a host name'), '127.0.0.1', 'The address to listen on; anything but loopback also needs allow_remote.'),
    port: setting(integer(1024, 65535, { value: 0, meaning: 'any free port' }), 3100, 'The port to listen on.'),
    allow_remote: setting(flag(), false, 'Whether other machines may connect; put TLS in front of it when you turn it on.'),
    allowed_hosts: setting(
      texts(HOST_HEADER, 'a host name with or without a port', 0, 50),
      [],
      'Further names under which this server may be addressed, for example behind a proxy.',
    ),
    max_body_kb: setting(integer(64, 65536), 1024, 'The largest request body, in KiB.'),
    rate_limit_rpm: setting(limit(60, 10_000_000), 6000, 'How many requests one caller may make in a minute.'),
  },
  storage: {
    durability: setting(
      choice('full', 'normal'),
      'full',
      'What an acknowledged change survives: "full" a power cut, "normal" (faster) only a crash of the program.',
    ),
    backup_every_hours: setting(integer(1, 8760, { value: 0, meaning: 'no scheduled backups' }), 24, 'How often the database is backed up.'),
    backups_kept: setting(integer(1, 365), 7, 'How many backups are kept; older ones are deleted.'),
    max_messages: setting(limit(1000, 1_000_000_000), 200_000, 'How many messages of the team are kept, and how many of the chats.'),
    message_days: setting(limit(1, 36_500), 365, 'For how many days messages are kept, those of the chats too.'),
    max_events: setting(limit(1000, 1_000_000_000), 500_000, 'How many lines of the activity log are kept.'),
    event_days: setting(limit(1, 36_500), 365, 'For how many days the activity log is kept.'),
    session_days: setting(limit(1, 3650), 30, 'For how many days ended sessions and their renewals are kept.'),
    idempotency_hours: setting(integer(1, 720), 24, 'For how many hours a repeated call with the same idempotency key gets the first answer.'),
  },
  bus: {
    roles: setting(
      texts(ROLE, '1 to 40 letters or digits (also . _ - inside)', 1, 50),
      ['FE', 'BE', 'AI', 'Producer'],
      'The roles of the team, under which messages, tasks and locks are addressed.',
    ),
    coordinator: setting(text(ROLE, 'one of the roles'), 'Producer', 'The role that may reassign tasks and force-release locks, and in which the person acts.'),
    resources: setting(
      texts(RESOURCE, 'a name of 1 to 200 characters', 0, 200),
      ['nas-deploy', 'stock-db-schema', 'lotto-db-schema', 'memory-mirror', 'nginx-conf', 'compose'],
      'The shared resources that the team agreed to lock before changing them; other names may be locked too.',
    ),
    lock_ttl_sec: setting(integer(5, 3600), 300, 'How long a lock is held when the caller names no time, in seconds.'),
    claim_silence_sec: setting(integer(60, 604_800), 3600, 'After how many seconds without a sign of life a session loses its claimed tasks.'),
    max_message_kb: setting(integer(1, 1024), 64, 'The largest message body, in KiB.'),
  },
  security: {
    session_ttl_sec: setting(integer(300, 604_800), 604_800, 'How long a session token is valid, in seconds.'),
    max_sessions_per_agent: setting(integer(1, 50), 5, 'How many live sessions one agent may have.'),
    session_max_renewals: setting(limit(0, 100), 30, 'How often a session may be renewed.'),
    session_absolute_lifetime_sec: setting(limit(86_400, 7_776_000), 2_592_000, 'How long a session lives however often it is renewed, in seconds; counts for new sessions.'),
    session_reject_window_sec: setting(integer(300, 86_400), 3600, 'For how many seconds the owner of an agent is asked whether a renewal is right; a hint, not a barrier.'),
    kill_switch_recovery_wait_owner: setting(
      integer(300, 86_400),
      1800,
      'How long a recovery from the kill switch waits when an owner has signed for it, in seconds.',
    ),
    kill_switch_recovery_wait_no_owner: setting(
      integer(3600, 604_800),
      86_400,
      'How long a recovery from the kill switch waits without the signature of an owner, in seconds.',
    ),
    auto_stop_failures: setting(limit(1, 100), 3, 'How many failures of an agent in a row make auto-stop act. All attempts at the same messages are one, and so are the runs for which a scheduled task is paused.'),
    auto_stop_failures_action: setting(
      choice('warn', 'suspend_agent', 'kill_switch'),
      'suspend_agent',
      'What happens then: a line in the log, the agent is suspended, or everything stops.',
    ),
    auto_stop_calls: setting(limit(60, 10_000_000), 3000, 'How many calls an agent may make in five minutes before auto-stop acts.'),
    auto_stop_calls_action: setting(choice('warn', 'suspend_agent', 'kill_switch'), 'warn', 'What happens then, as for failures.'),
  },
  agents: {
    assistant_name: setting(text(ASSISTANT, '1 to 40 printable characters without a space at either end'), 'Andy', 'What people call the assistant in chats; @ and this name wake it.'),
    max_concurrent: setting(integer(1, 64), 5, 'How many agents may run at the same time; what is due beyond that waits.'),
    idle_timeout_sec: setting(integer(10, 86_400), 1800, 'For how many seconds after its last answer an agent is kept for a follow-up; sooner when others wait.'),
    run_timeout_sec: setting(integer(10, 86_400), 1800, 'After how many seconds without an answer a run is stopped; never sooner than 30 s after idle_timeout_sec.'),
    runner: setting(choice('container', 'process'), 'container', 'Where agents run: in containers, or as programs of this machine, which isolates nothing and needs allow_process_runner.'),
    allow_process_runner: setting(flag(), false, 'Whether agents may run as programs of this machine, where they may do whatever you may.'),
    process_command: setting(texts(ARGUMENT, '1 to 1000 printable characters', 0, 50), [], 'The program that runs as an agent when runner is "process", with its arguments.'),
    engine_host: setting(
      text(ENGINE_HOST, 'an address as unix:///run/podman/podman.sock, or empty'),
      '',
      'Where Docker or Podman listens; empty means DOCKER_HOST, and without it the usual places.',
    ),
    image: setting(text(IMAGE, 'the name of an image'), 'wheelhouse-agent:latest', 'The image in which agents run; wheelhouse engine build makes it.'),
    memory_mb: setting(limit(64, 1_048_576), 2048, 'How much memory the container of an agent may use, in MiB, without swap.'),
    cpus: setting(limit(1, 256), 2, 'How many processors the container of an agent may use.'),
    pids: setting(limit(16, 65_536), 512, 'How many processes may run in the container of an agent.'),
    network: setting(
      choice('none', 'restricted', 'full'),
      'full',
      'How far agents reach: nowhere, only the restricted_hosts by a proxy of Wheelhouse (Linux only), or everywhere.',
    ),
    restricted_hosts: setting(texts(HOST_PORT, 'a host and a port, as api.anthropic.com:443', 0, 100), ['api.anthropic.com:443'], 'What agents reach whose network is restricted.'),
    credentials: setting(
      texts(VARIABLE, 'a name as ANTHROPIC_API_KEY', 0, 50),
      ['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY'],
      'Which secrets agents are given, from the environment, else from the secret store; never one of Wheelhouse itself.',
    ),
    stop_timeout_sec: setting(integer(1, 300), 15, 'How many seconds an agent that is asked to end may take before it is killed.'),
    max_output_mb: setting(integer(1, 1024), 10, 'How much of each output stream of a run is kept in its log, and how long one answer may be, in MiB.'),
    run_logs_kept: setting(integer(1, 10_000), 100, 'How many logs of runs are kept for each group.'),
    progress_after_sec: setting(limit(10, 3600), 120, 'After how many seconds without a text a chat hears that its agent still works, then after twice as long.'),
    runs_kept: setting(integer(10, 100_000), 500, 'How many ended runs of a group the history keeps.'),
    mailbox_per_minute: setting(integer(10, 10_000), 120, 'How many things the agent of one group may ask for in a minute: messages, scheduled tasks, calls of the team bus.'),
    mailbox_max_kb: setting(integer(16, 1024), 256, 'The largest request of an agent, in KiB.'),
  },
  notify: {
    telegram_chat: setting(
      text(CHAT, 'the id of a chat, as 6937032012, or empty'),
      '',
      'The Telegram chat that gets notices, from the bot of ANU_BOT_TOKEN. COKACDIR_CHAT_ID sets it too; empty: none.',
    ),
    telegram_api: setting(text(ADDRESS, 'an http or https address'), 'https://api.telegram.org', 'Where the Telegram Bot API is, for an own server.'),
    ntfy_server: setting(text(ADDRESS, 'an http or https address'), 'https://ntfy.sh', 'The ntfy server that notices are published to.'),
    ntfy_topic: setting(
      text(TOPIC, '1 to 64 letters, digits, - or _, or empty'),
      '',
      'The ntfy topic; whoever knows its name reads along, so choose one that nobody guesses. Empty: none.',
    ),
    desktop: setting(flag(), true, 'Whether notices may appear on this desktop.'),
    priority: setting(
      texts(NOTICE_CHANNEL, 'one of telegram, discord, ntfy, desktop', 0, 4),
      ['telegram', 'discord', 'ntfy', 'desktop'],
      'The order in which channels are asked to carry an ordinary notice, until one takes it; a channel that is not named comes last.',
    ),
    escalate_to: setting(
      texts(NOTICE_CHANNEL, 'one of telegram, discord, ntfy, desktop', 0, 4),
      [],
      'The channels that hear of a completion that nobody acknowledged; empty: all of them.',
    ),
    quiet_hours: setting(
      text(QUIET_HOURS, 'two times of day, as 22:00-07:00, or empty'),
      '',
      'When ordinary notices are held back until it is over; critical ones are told at any time. Empty: never.',
      'live',
    ),
    max_per_hour: setting(limit(1, 100_000), 60, 'How many notices of one type are told in an hour; further ones only count in the tray. Completions and critical ones always go.'),
    max_per_minute: setting(integer(1, 10_000), 60, 'How many messages leave in a minute, on all channels together.'),
    retry_hours: setting(integer(1, 168), 24, 'For how many hours a channel that does not answer is tried again.'),
    check_minutes: setting(integer(1, 1440), 5, 'How often the channels are asked whether they would work, in minutes.'),
    history_days: setting(limit(1, 3650), 30, 'For how many days notices are kept.'),
  },
  schedule: {
    time_zone: setting(
      text(/^(?:system|[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*)$/, '"system" or an IANA name as "Asia/Seoul"'),
      'system',
      'The time zone in which scheduled tasks run that name none; "system" is that of this machine.',
    ),
    missed_runs: setting(
      choice('latest', 'all', 'skip'),
      'latest',
      'What becomes of due times that passed while nothing could run: the latest is made up for, up to 24 are, or none is. Counts for new tasks.',
    ),
    auto_pause_failures: setting(limit(1, 100), 5, 'After how many failed runs in a row a scheduled task is paused. Only then do they count for auto-stop, as one failure.'),
    runs_kept: setting(limit(1, 100_000), 200, 'How many entries of the run log are kept of one scheduled task.'),
    run_days: setting(limit(1, 36_500), 90, 'For how many days entries of the run log are kept.'),
  },
  completions: {
    folders: setting(
      texts(PATH, 'the path of a folder', 1, 50),
      ['events'],
      'The folders in which `.done` files are looked for; paths count from the data directory. `wheelhouse done` writes to the first.',
    ),
    rescan_sec: setting(integer(5, 3600), 30, 'How often every folder is looked through, whatever the system tells of changes, in seconds.'),
    max_file_kb: setting(integer(1, 1024), 64, 'The largest `.done` file that is taken, in KiB.'),
    escalate_after_sec: setting(limit(60, 604_800), 1800, 'After how many seconds without an ack a completion is told again, louder, once.'),
    archive_after_sec: setting(limit(0, 31_536_000), 86_400, 'How many seconds after the ack the files of a completion go to the archive.'),
    reports_folder: setting(text(OPTIONAL_PATH, 'the path of a folder, or empty'), '', 'Where reports are found when a `.done` file names none: `<task>.md` in this folder, if it is there.'),
    activity_file: setting(text(OPTIONAL_PATH, 'the path of a file, or empty'), 'events/bot-activity.json', 'The file in which bots that are done are set idle.'),
    timers_file: setting(text(OPTIONAL_PATH, 'the path of a file, or empty'), 'task-timers.json', 'The file that says at which task each team works.'),
    bot_teams: setting(texts(BOT_TEAM, 'as "bot=team"', 0, 500), [], 'Which bot belongs to which team, for the activity file; a bot without a team, as "anu=", is left alone.'),
  },
  channels: {
    max_prompt_messages: setting(integer(1, 2000), 200, 'How many messages of a chat an agent is given at once; of more, the newest.'),
    max_attachment_mb: setting(integer(1, 200), 20, 'The largest picture, voice message or document that is saved for an agent, in MB. Telegram gives bots no more than 20.'),
  },
  whatsapp: {
    own_number: setting(flag(), false, 'Whether the WhatsApp account belongs to the agents alone; otherwise their messages begin with the name of the assistant.'),
  },
  telegram: {
    enabled: setting(flag(), true, 'Whether the bot of ANU_BOT_TOKEN reads messages; without it the bot only sends notices.'),
    owners: setting(texts(/^[1-9]\d{0,19}$/, 'the id of a person on Telegram, as 6937032012', 0, 20), [], 'Whose commands the bot obeys; a private chat in notify.telegram_chat counts as well.'),
  },
  updates: {
    feed: setting(
      text(UPDATE_FEED, 'an https address of a folder (http only on this machine), or empty'),
      '',
      'The folder on a server in which newer versions are looked for, as electron-builder publishes them; empty: none are.',
    ),
    check_hours: setting(integer(1, 720), 24, 'How often newer versions are looked for, in hours.'),
  },
  log: {
    level: setting(choice('debug', 'info', 'warn', 'error'), 'info', 'The least important lines that are written.'),
    max_size_mb: setting(integer(1, 1000), 10, 'The size at which a new log file is begun, in MiB.'),
    max_files: setting(integer(1, 100), 5, 'How many log files are kept.'),
  },
  ui: {
    language: setting(choice('system', 'en', 'ko'), 'system', 'The language of windows, tray and notifications.', 'live'),
    theme: setting(choice('system', 'light', 'dark'), 'system', 'The colours of the windows.', 'live'),
  },
} as const satisfies Record<string, Record<string, Setting<unknown>>>;

type Schema = typeof SCHEMA;
export type SectionName = keyof Schema;

/** The whole configuration: every key has a value. `null` means "no limit". */
export type Config = {
  readonly [S in SectionName]: {
    readonly [K in keyof Schema[S]]: Schema[S][K] extends Setting<infer T> ? T : never;
  };
};

/** Some keys of the configuration, as a Settings window changes them. */
export type ConfigChanges = { readonly [S in SectionName]?: Partial<Config[S]> };

/** What must never stand in config.toml; it comes from the environment or the secret store. */
export interface Secrets {
  /** The shared key of seed 001 (`CO_BUS_KEY`); null: every caller needs a session token. */
  readonly busKey: string | null;
  /** The token of the Telegram bot (`ANU_BOT_TOKEN`). */
  readonly botToken: string | null;
  /** The webhook of a Discord channel (`DISCORD_WEBHOOK_URL`): whoever knows it can write there. */
  readonly discordWebhook: string | null;
  /** The access token of an ntfy server (`NTFY_TOKEN`), where it needs one. */
  readonly ntfyToken: string | null;
}

/** One row of the table with its names, for code that walks all settings. */
export interface SettingRow {
  readonly section: string;
  readonly key: string;
  /** `section.key`, as in messages. */
  readonly name: string;
  /** The environment variable that overrides the file. */
  readonly env: string;
  readonly setting: Setting<unknown>;
}

/** All settings in the order of the table. */
export function settingRows(): readonly SettingRow[] {
  return Object.entries(SCHEMA).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, entry]) => ({
      section,
      key,
      name: `${section}.${key}`,
      env: `WAIAAS_${section}_${key}`.toUpperCase(),
      setting: entry as Setting<unknown>,
    })),
  );
}

/** The configuration of an untouched installation. */
export function defaultConfig(): Config {
  const config: Record<string, Record<string, unknown>> = {};
  for (const { section, key, setting: entry } of settingRows()) (config[section] ??= {})[key] = entry.default;
  return config as Config;
}
