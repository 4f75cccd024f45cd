import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findInstallation } from '../installation.ts';
import { startHeadless, type HeadlessCore } from '../headless.ts';
import { count } from '../text.ts';
import { Narrator } from './narrator.ts';
import { release, type Crew } from './release.ts';
import { Teammate, type Pause } from './teammate.ts';

const ROLES = ['FE', 'BE', 'AI', 'Producer'] as const;
/** Time to open the link before the story begins. */
const BEFORE_MS = 8000;

/** `wheelhouse demo`: a core of its own in a temporary directory, and four agents that build a release on it. */
export async function demo({ io, input, output }: CommandContext): Promise<number> {
  const stop = new AbortController();
  const unsubscribe = io.onStop(() => stop.abort());
  const dataDir = await mkdtemp(join(tmpdir(), 'wheelhouse-demo-'));
  const pause: Pause = async (ms) => {
    stop.signal.throwIfAborted();
    if (!input.flag('fast')) await sleep(ms, undefined, { signal: stop.signal });
  };
  let core: HeadlessCore | null = null;
  let narrator: Narrator | null = null;
  const crew: Teammate[] = [];
  try {
    // Nothing of the person's own settings or secrets reaches the demo.
    core = await startHeadless({ dataDir, env: {}, port: 0, platform: io.platform });
    output.note(`The demo runs at ${core.info.mcpUrl} in a directory of its own.\nWatch it: ${core.uiLink()}\n`);
    narrator = new Narrator(core, (line) => output.note(line));
    for (const role of ROLES) crew.push(await enlist(core, role, pause, stop.signal));
    await pause(BEFORE_MS);
    await release(Object.fromEntries(crew.map((mate) => [mate.role, mate])) as unknown as Crew);
    await narrator.tellRest();
    const summary = await summarize(core);
    output.result(summary, `\nThe release is out: ${count(summary.tasksDone, 'task')} done, ${count(summary.messages, 'message')}, ${count(summary.events, 'line')} in the log.`);
    if (input.flag('keep')) {
      output.note('Still open; Ctrl-C ends it and removes its directory.');
      await stopped(stop.signal);
    }
    return summary.tasksLeft === 0 && summary.locksHeld === 0 ? EXIT.ok : EXIT.failure;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    output.note('\nStopped.');
    return EXIT.ok;
  } finally {
    unsubscribe();
    for (const mate of crew) await mate.leave();
    await narrator?.tellRest();
    await core?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** An agent of the role with a real session, connected like any client. */
async function enlist(core: HeadlessCore, role: string, pause: Pause, signal: AbortSignal): Promise<Teammate> {
  await core.call('agents.add', { name: `${role.toLowerCase()}-1`, role });
  const { token } = await core.call('sessions.create', { agent: `${role.toLowerCase()}-1` });
  return Teammate.connect({ role, url: core.info.mcpUrl, token, version: findInstallation().version, pause, signal });
}

async function summarize(core: HeadlessCore) {
  const { tasks } = await core.call('tasks.list', { limit: 500 });
  const { locks } = await core.call('locks.list', {});
  const { messages } = await core.call('messages.list', { limit: 500 });
  const { cursor } = await core.call('log.read', { limit: 1 });
  const done = tasks.filter((task) => task.status === 'done').length;
  return { tasksDone: done, tasksLeft: tasks.length - done, locksHeld: locks.length, messages: messages.length, events: cursor };
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
