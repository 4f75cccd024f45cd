/** What is decided about `bot-activity.json` (seed 003 §3.3): which bots of a team whose task is done are idle now. */

/** Words for "at work", as tools write them. */
const RUNNING = new Set(['processing', 'running', 'active', 'in_progress', 'started', 'working']);
const IDLE = 'idle';

type Json = Readonly<Record<string, unknown>>;

/** The tasks at which teams work now, by what their timers say. Throws when `timers` has neither of the known shapes. */
export function activeTasks(timers: unknown): ReadonlySet<string> {
  const within = isObject(timers) && 'tasks' in timers ? timers['tasks'] : timers;
  const rows = Array.isArray(within) ? within.map((row): [unknown, unknown] => [isObject(row) ? (row['task_id'] ?? row['id']) : null, row]) : isObject(within) ? Object.entries(within) : null;
  if (rows === null) throw new Error('it holds neither an object nor a list of tasks');
  return new Set(rows.flatMap(([task, row]) => (typeof task === 'string' && isObject(row) && runs(row) && typeof teamOf(row) === 'string' ? [key(String(teamOf(row)), task)] : [])));
}

/** The bots to be set idle: at work, as the file says, while the active task of their team is one of `done`. */
export function finishedBots(activity: unknown, timers: unknown, teamOfBot: ReadonlyMap<string, string>, done: ReadonlySet<string>): readonly string[] {
  const active = activeTasks(timers);
  const bots = botsOf(activity);
  return [...teamOfBot].filter(([bot, team]) => RUNNING.has(statusOf(bots[bot]) ?? '') && [...done].some((task) => active.has(key(team, task)))).map(([bot]) => bot);
}

/** The file with these bots set idle; everything else of it stays. `at` is ISO 8601. */
export function withIdle(activity: unknown, bots: readonly string[], at: string): Json {
  const all = botsOf(activity);
  const changed = Object.fromEntries(Object.entries(all).map(([bot, entry]) => [bot, bots.includes(bot) ? idle(entry, at) : entry]));
  return isObject(activity) && isObject(activity['bots']) ? { ...activity, bots: changed } : changed;
}

/** `bot=team` pairs. A bot without a team, as `anu=`, is never touched. */
export function readTeamMap(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(pairs.map((pair) => pair.split('=', 2) as [string, string]).filter(([, team]) => team !== ''));
}

function botsOf(activity: unknown): Json {
  if (!isObject(activity)) throw new Error('it holds no object of bots');
  return isObject(activity['bots']) ? activity['bots'] : activity;
}

/** A bot is `"processing"`, or an object with `status` or `state`. */
function statusOf(entry: unknown): string | null {
  const status = isObject(entry) ? (entry['status'] ?? entry['state']) : entry;
  return typeof status === 'string' ? status : null;
}

function idle(entry: unknown, at: string): unknown {
  if (!isObject(entry)) return IDLE;
  return { ...entry, ['status' in entry ? 'status' : 'state']: IDLE, ...('updated_at' in entry && { updated_at: at }) };
}

function teamOf(row: Json): unknown {
  return row['team'] ?? row['team_id'];
}

/** A timer without an end runs, unless its status says otherwise. */
function runs(row: Json): boolean {
  const status = statusOf(row);
  if (status !== null) return RUNNING.has(status);
  return (row['end_time'] ?? row['ended_at'] ?? null) === null;
}

const key = (team: string, task: string): string => `${team}\n${task}`;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
