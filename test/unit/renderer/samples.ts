import type { LogEvent, Message, RenewalView, Snapshot, Task } from '../../../preload/contract.ts';

const AT = '2026-11-20T09:00:00.000Z';

export const message = (id: number, more: Partial<Message> = {}): Message => ({
  id,
  from_role: 'BE',
  to_role: 'Producer',
  body: `message ${id}`,
  thread_id: '',
  reply_to: null,
  importance: 'normal',
  ack_required: false,
  verified: true,
  ts: AT,
  delivered_at: null,
  read_at: null,
  acked_at: null,
  ...more,
});

export const task = (id: number, more: Partial<Task> = {}): Task => ({
  id,
  title: `task ${id}`,
  detail: '',
  status: 'open',
  assignee_role: 'BE',
  created_by: 'Producer',
  note: '',
  priority: 3,
  depends_on: [],
  ready: true,
  version: 1,
  held_by: null,
  held_by_session: null,
  claimed_at: null,
  released_reason: null,
  ts: AT,
  updated_at: AT,
  ...more,
});

export const event = (id: number, more: Partial<LogEvent> = {}): LogEvent => ({
  id,
  ts: AT,
  kind: 'task',
  action: 'claimed',
  role: 'BE',
  subject: 'task:1',
  text: 'BE claimed task#1',
  data: {},
  ...more,
});

/** When the renewals below are looked at. */
export const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
/** `windowEnds`: minutes from {@link NOW}. */
export const renewal = (id: number, sessionId: string, renewalCount: number, windowEnds: number, more: Partial<RenewalView> = {}): RenewalView => ({
  id,
  sessionId,
  agentId: 'a',
  agentName: 'fe-1',
  role: 'FE',
  renewalCount,
  maxRenewals: 30,
  renewedAt: at(windowEnds - 60),
  windowExpiresAt: at(windowEnds),
  decidedAt: null,
  state: 'open',
  sessionState: 'live',
  expiresAt: at(900),
  ...more,
});

export const snapshot = (more: Partial<Snapshot> = {}): Snapshot => ({
  info: { name: 'Wheelhouse', version: '0.1.0', mode: 'headless', platform: 'linux', mcpUrl: 'http://127.0.0.1:3100/mcp', dataDir: '~/.waiaas', startedAt: AT },
  settings: { language: 'en', theme: 'system' },
  status: { state: 'ok', problems: [], killSwitch: 'NORMAL', needsYou: 0, working: 0 },
  killSwitch: { state: 'NORMAL', activatedAt: null, reason: null, actor: null, recoveryEligibleAt: null, remainingSeconds: null, waitSeconds: 86_400, hasOwner: false, masterPasswordSet: true },
  roles: [],
  agents: [],
  sessions: [],
  renewals: [],
  completions: [],
  completionFolders: { folders: [], refused: [] },
  notices: { missed: 0, latest: [], channels: [], mutes: [], quietHours: '' },
  tasks: [],
  locks: [],
  waiters: [],
  channels: [],
  chats: [],
  groups: [],
  runs: [],
  messages: [],
  events: [],
  schedule: [],
  scheduleZone: 'Asia/Seoul',
  coordinator: 'Producer',
  lockableResources: [],
  ...more,
});

/** Ids of a list, for short assertions. */
export const ids = (list: readonly { readonly id: number }[]): readonly number[] => list.map(({ id }) => id);

/** Numbers from `first` to `last`. */
export const range = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, at) => first + at);
