import type { GroupQueue } from '../agents/group-queue.ts';
import type { Groups } from '../agents/groups.ts';
import { ENDED, type RunRow, type RunRows } from '../agents/run-rows.ts';
import type { RunWatch } from '../agents/run-watch.ts';
import type { Group, Run, RunChunk } from '../agents/types.ts';
import { iso } from '../base/clock.ts';
import type { GroupView, RunChunkView, RunView } from '../../preload/contract.ts';

/** Groups, their queue, and what runs. */
export interface AgentRooms {
  readonly groups: Groups;
  readonly queue: Pick<GroupQueue, 'live' | 'waiting' | 'abort' | 'tell' | 'pause' | 'resume' | 'cancelWaiting'>;
  readonly runs: RunRows;
  readonly watch: RunWatch;
}

/** How many ended runs a snapshot holds; older ones come by calls. */
const ENDED_SHOWN = 100;
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export function groupView({ createdAt, sessionId, ...group }: Group): GroupView {
  return { ...group, inConversation: sessionId !== null, createdAt: iso(createdAt) };
}

export function groupViews({ groups }: AgentRooms): readonly GroupView[] {
  return groups.list().map(groupView);
}

/** What waits and what runs, then the newest that ended; the newest first. */
export function runViews(rooms: AgentRooms): readonly RunView[] {
  const { queue, runs } = rooms;
  const live = new Map(queue.live().map((each) => [each.run.id, each]));
  const waiting = new Map(queue.waiting().map((each) => [each.run.id, each.reason]));
  const rows = [...runs.open().toReversed(), ...runs.list({ states: ENDED, limit: ENDED_SHOWN })];
  return rows.map((run) => {
    const at = live.get(run.id);
    return { ...plainView(run), idle: at?.idle ?? false, closing: at?.closing ?? false, waitReason: waiting.get(run.id) ?? null };
  });
}

/** One run as it is now. */
export function runViewOf(rooms: AgentRooms, run: Run): RunView {
  const at = rooms.queue.live().find((each) => each.run.id === run.id);
  const waits = rooms.queue.waiting().find((each) => each.run.id === run.id);
  return { ...plainView(run), idle: at?.idle ?? false, closing: at?.closing ?? false, waitReason: waits?.reason ?? null };
}

/** A run that ended. */
export function endedRunView(run: RunRow): RunView {
  return { ...plainView(run), idle: false, closing: false, waitReason: null };
}

export function chunkView({ n, at, stream, text }: RunChunk): RunChunkView {
  return { n, at: iso(at), stream, text };
}

function plainView(run: Run): Omit<RunView, 'idle' | 'closing' | 'waitReason'> {
  return {
    id: run.id,
    groupId: run.groupId,
    kind: run.kind,
    state: run.state,
    prompt: run.prompt,
    contextMode: run.contextMode,
    attempt: run.attempt,
    notBefore: iso(run.notBefore),
    queuedAt: iso(run.queuedAt),
    startedAt: isoOrNull(run.startedAt),
    endedAt: isoOrNull(run.endedAt),
    containerName: run.containerName,
    pid: run.pid,
    sent: run.sent,
    messages: run.messages,
    result: run.result,
    exitCode: run.exitCode,
    cause: run.cause,
    error: run.error,
    hasLog: run.logFile !== null,
  };
}
