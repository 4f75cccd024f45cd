import { AppError, type ErrorCode } from '../base/errors.ts';

export const KILL_SWITCH_STATES = ['NORMAL', 'ACTIVATED', 'RECOVERING'] as const;
export type KillSwitchState = (typeof KILL_SWITCH_STATES)[number];

const KILL_SWITCH_ACTORS = ['owner', 'auto_stop', 'admin', 'system'] as const;
/** Who pulled it: an owner by signature, a rule, the person or a caller with the master password, the program. */
export type KillSwitchActor = (typeof KILL_SWITCH_ACTORS)[number];

export type KillSwitchAction = 'activate' | 'start recovery' | 'finish recovery' | 'cancel recovery';

/** What was left of the wait at one moment, and what the clocks said then; all in ms. */
export interface Checkpoint {
  readonly leftMs: number;
  readonly wall: number;
  readonly sinceBoot: number;
}

/** A recovery under way. Owner and wait are frozen when it starts (DESIGN §6). */
export interface RecoveryRecord {
  /** Tells one recovery from the next. */
  readonly id: string;
  readonly hasOwner: boolean;
  readonly waitSeconds: number;
  /** Unix time in seconds, as far as the clock is right. */
  readonly eligibleAt: number;
  readonly checkpoint: Checkpoint;
}

/** All that `system_state` says about the kill switch. */
export interface KillSwitchRecord {
  readonly state: KillSwitchState;
  /** ISO 8601; null unless it is on, or when that line is lost. */
  readonly activatedAt: string | null;
  readonly reason: string | null;
  readonly actor: KillSwitchActor | null;
  /** Null unless RECOVERING, and when anything stored about it is missing or damaged: then nobody is eligible. */
  readonly recovery: RecoveryRecord | null;
}

export const NORMAL: KillSwitchRecord = { state: 'NORMAL', activatedAt: null, reason: null, actor: null, recovery: null };

/** The keys of `system_state` that belong to the kill switch; those of the seed keep their names. */
export const KILL_SWITCH_KEYS = {
  status: 'kill_switch_status',
  activatedAt: 'kill_switch_activated_at',
  reason: 'kill_switch_reason',
  actor: 'kill_switch_actor',
  eligibleAt: 'recovery_eligible_at',
  waitSeconds: 'recovery_wait_seconds',
  hasOwner: 'recovery_has_owner',
  progress: 'recovery_progress',
} as const;

/** The state in the stored text. The schema puts NORMAL into a fresh database, so anything else counts as ACTIVATED. */
export function parseState(stored: string | undefined): KillSwitchState {
  const value = json(stored);
  return KILL_SWITCH_STATES.find((state) => state === value) ?? 'ACTIVATED';
}

/** Reads the rows of `system_state`. What is missing or damaged never helps anybody out (fail closed, waiaas.md §6.4). */
export function parseRecord(stored: ReadonlyMap<string, string>): KillSwitchRecord {
  const value = (key: keyof typeof KILL_SWITCH_KEYS): unknown => json(stored.get(KILL_SWITCH_KEYS[key]));
  const state = parseState(stored.get(KILL_SWITCH_KEYS.status));
  if (state === 'NORMAL') return NORMAL;
  const [activatedAt, reason, actor] = [value('activatedAt'), value('reason'), value('actor')];
  return {
    state,
    activatedAt: typeof activatedAt === 'string' && !Number.isNaN(Date.parse(activatedAt)) ? activatedAt : null,
    reason: typeof reason === 'string' ? reason : null,
    actor: KILL_SWITCH_ACTORS.find((known) => known === actor) ?? null,
    recovery: state === 'RECOVERING' ? recoveryIn(value('eligibleAt'), value('waitSeconds'), value('hasOwner'), value('progress')) : null,
  };
}

/** The rows that {@link parseRecord} reads back. */
export function storedRecord(record: KillSwitchRecord): ReadonlyMap<string, string> {
  const { state, activatedAt, reason, actor, recovery } = record;
  const { id, checkpoint } = recovery ?? {};
  const values: Readonly<Record<keyof typeof KILL_SWITCH_KEYS, unknown>> = {
    status: state,
    activatedAt,
    reason,
    actor,
    eligibleAt: recovery?.eligibleAt ?? null,
    waitSeconds: recovery?.waitSeconds ?? null,
    hasOwner: recovery?.hasOwner ?? null,
    progress: checkpoint === undefined ? null : { id, left_ms: checkpoint.leftMs, wall_ms: checkpoint.wall, since_boot_ms: checkpoint.sinceBoot },
  };
  return new Map(Object.entries(values).map(([key, value]) => [KILL_SWITCH_KEYS[key as keyof typeof KILL_SWITCH_KEYS], JSON.stringify(value)]));
}

type Refusal = { readonly code: ErrorCode; readonly message: string };

const NOT_ACTIVE: Refusal = { code: 'KILL_SWITCH_NOT_ACTIVE', message: 'The kill switch is not on: there is nothing to recover from.' };
const ALREADY_ACTIVE: Refusal = { code: 'KILL_SWITCH_ALREADY_ACTIVE', message: 'The kill switch is on already; who pulled it first, when and why stays as it is.' };

/** DESIGN §6: NORMAL -> ACTIVATED -> RECOVERING -> NORMAL, and RECOVERING -> ACTIVATED when a recovery is cancelled. */
const TRANSITIONS: Readonly<Record<KillSwitchAction, Readonly<Record<KillSwitchState, KillSwitchState | Refusal>>>> = {
  activate: { NORMAL: 'ACTIVATED', ACTIVATED: ALREADY_ACTIVE, RECOVERING: ALREADY_ACTIVE },
  'start recovery': {
    NORMAL: NOT_ACTIVE,
    ACTIVATED: 'RECOVERING',
    RECOVERING: { code: 'RECOVERY_ALREADY_STARTED', message: 'A recovery was started already; its wait goes on unchanged.' },
  },
  'finish recovery': {
    NORMAL: NOT_ACTIVE,
    ACTIVATED: { code: 'INVALID_RECOVERY_STATE', message: 'No recovery is under way; it may have been cancelled. Start one with the same request.' },
    RECOVERING: 'NORMAL',
  },
  'cancel recovery': {
    NORMAL: NOT_ACTIVE,
    ACTIVATED: { code: 'INVALID_RECOVERY_STATE', message: 'No recovery is under way, so there is none to cancel. The kill switch stays on.' },
    RECOVERING: 'ACTIVATED',
  },
};

/** The state after `action`. Throws the refusal of the table, with `details`. */
export function nextState(state: KillSwitchState, action: KillSwitchAction, details: Readonly<Record<string, unknown>> = {}): KillSwitchState {
  const next = TRANSITIONS[action][state];
  if (typeof next === 'string') return next;
  throw new AppError(next.code, next.message, { state, ...details });
}

function recoveryIn(eligibleAt: unknown, waitSeconds: unknown, hasOwner: unknown, progress: unknown): RecoveryRecord | null {
  if (typeof progress !== 'object' || progress === null || typeof hasOwner !== 'boolean') return null;
  const { id, left_ms: leftMs, wall_ms: wall, since_boot_ms: sinceBoot } = progress as Record<string, unknown>;
  if (typeof id !== 'string' || !isCount(eligibleAt) || !isCount(waitSeconds) || !isAmount(leftMs) || !isAmount(wall) || !isAmount(sinceBoot)) return null;
  if (eligibleAt === 0 || waitSeconds === 0 || leftMs > waitSeconds * 1000) return null;
  return { id, hasOwner, waitSeconds, eligibleAt, checkpoint: { leftMs, wall, sinceBoot } };
}

function isCount(value: unknown): value is number {
  return isAmount(value) && Number.isSafeInteger(value);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function json(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
