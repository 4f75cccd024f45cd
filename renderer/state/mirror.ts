import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, LiveEvent, Page, Snapshot, Task } from '../../preload/contract.ts';
import { applyPatch } from './apply-patch.ts';
import { addOutput, keepLive, type RunOutputs } from './run-output.ts';

/** How the window is joined to the core. In the desktop it is always live; in a browser the network may be away. */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'signed-out';

/** What the person asked of a task while the core has not answered yet; shown at once, dropped on the answer. */
export type TaskIntent = Partial<Pick<Task, 'status' | 'assignee_role' | 'held_by' | 'title' | 'detail' | 'note' | 'priority'>>;

/** A copy of the core's truth, and nothing else: closing the window loses nothing. */
export interface Mirror {
  readonly snapshot: Snapshot | null;
  /** Wall time of this machine when the locks were received, for countdowns on machines whose clocks differ. */
  readonly locksReceivedAt: number;
  /** The same for the kill switch. */
  readonly killSwitchReceivedAt: number;
  readonly connection: Connection;
  readonly intents: Readonly<Record<number, TaskIntent>>;
  readonly outputs: RunOutputs;
}
export type MirrorStore = StoreApi<Mirror>;

export function createMirror(): MirrorStore {
  return createStore<Mirror>(() => ({ snapshot: null, locksReceivedAt: 0, killSwitchReceivedAt: 0, connection: 'connecting', intents: {}, outputs: {} }));
}

/** Patches are merged, and single tasks found, by the order of ids. */
const inOrder = (snapshot: Snapshot): Snapshot => ({ ...snapshot, tasks: snapshot.tasks.toSorted((a, b) => a.id - b.id) });

/** The mirror after one live event. Pure. */
export function reduceLive(mirror: Mirror, event: LiveEvent, now: number): Mirror {
  switch (event.type) {
    case 'snapshot':
      return { ...mirror, snapshot: inOrder(event.snapshot), locksReceivedAt: now, killSwitchReceivedAt: now };
    case 'patch': {
      if (mirror.snapshot === null) return mirror;
      const locksReceivedAt = event.patch.locks === undefined ? mirror.locksReceivedAt : now;
      const killSwitchReceivedAt = event.patch.killSwitch === undefined ? mirror.killSwitchReceivedAt : now;
      const snapshot = applyPatch(mirror.snapshot, event.patch);
      const outputs = event.patch.runs === undefined ? mirror.outputs : keepLive(mirror.outputs, snapshot.runs);
      return { ...mirror, snapshot, locksReceivedAt, killSwitchReceivedAt, outputs };
    }
    case 'output':
      return { ...mirror, outputs: addOutput(mirror.outputs, event.runs) };
    case 'navigate':
      return mirror;
  }
}

interface FollowOptions {
  readonly bridge: Bridge;
  readonly mirror: MirrorStore;
  readonly now: () => number;
  readonly onNavigate: (page: Page) => void;
}

/** Keeps the mirror up to date until the returned function is called. */
export function followCore({ bridge, mirror, now, onNavigate }: FollowOptions): () => void {
  return bridge.listen((event) => {
    if (event.type === 'navigate') onNavigate(event.page);
    else mirror.setState((state) => reduceLive(state, event, now()), true);
  });
}

/** Tasks as the person should see them: the core's, with what was just asked laid over them. */
export function tasksWithIntents(tasks: readonly Task[], intents: Mirror['intents']): readonly Task[] {
  if (Object.keys(intents).length === 0) return tasks;
  return tasks.map((task) => {
    const intent = intents[task.id];
    return intent === undefined ? task : { ...task, ...intent };
  });
}

export function setIntent(mirror: MirrorStore, taskId: number, intent: TaskIntent): void {
  mirror.setState((state) => ({ intents: { ...state.intents, [taskId]: intent } }));
}

/** Ends an intent; with the core's answer the task is replaced in the same step, so that nothing flickers back. */
export function settleIntent(mirror: MirrorStore, taskId: number, answer?: Task): void {
  mirror.setState((state) => {
    const { [taskId]: _settled, ...intents } = state.intents;
    if (answer === undefined || state.snapshot === null) return { intents };
    return { intents, snapshot: applyPatch(state.snapshot, { tasks: [answer] }) };
  });
}

/** How long something that the core has confirmed may take to be seen, for example while the connection is away. */
const ARRIVAL_MS = 3_000;

/** Resolves once the mirror holds the task, and after a few seconds in any case. */
export async function taskArrival(mirror: MirrorStore, taskId: number): Promise<void> {
  await arrival(mirror, ({ tasks }) => tasks.some(({ id }) => id === taskId));
}

/** Resolves once the mirror holds the scheduled task, and after a few seconds in any case. */
export async function scheduleArrival(mirror: MirrorStore, taskId: string): Promise<void> {
  await arrival(mirror, ({ schedule }) => schedule.some(({ id }) => id === taskId));
}

async function arrival(mirror: MirrorStore, isIn: (snapshot: Snapshot) => boolean): Promise<void> {
  const there = (): boolean => {
    const { snapshot } = mirror.getState();
    return snapshot !== null && isIn(snapshot);
  };
  if (there()) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const stop = mirror.subscribe(() => {
      if (there()) done();
    });
    const timer = setTimeout(done, ARRIVAL_MS);
  });
}
