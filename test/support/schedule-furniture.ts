import { join } from 'node:path';
import { Agents } from '../../main/access/agents.ts';
import { createGuard } from '../../main/access/guard.ts';
import { groupAgents } from '../../main/agents/group-agents.ts';
import { Groups } from '../../main/agents/groups.ts';
import { systemClock } from '../../main/base/clock.ts';
import { openStore } from '../../main/store/open.ts';
import { openTestSchedule, TestQueue } from './schedule-rig.ts';
import type { TestCore } from './start-core.ts';

const onListenerError = (error: unknown): never => {
  throw error;
};

/** Registers groups beside a running core, on its data directory. Returns their ids by folder. */
export function registerGroups({ dataDir }: Pick<TestCore, 'dataDir'>, names: readonly string[]): ReadonlyMap<string, string> {
  const store = openStore({ file: join(dataDir, 'data', 'wheelhouse.db'), durability: 'normal', clock: systemClock, onListenerError });
  const agents = new Agents({ store, guard: createGuard(store), assertRole: () => undefined });
  const groups = new Groups({ store, agents: groupAgents({ agents, roles: ['AI'], coordinator: 'Producer' }), assistantName: 'Andy' });
  const made = names.map((name, index) => groups.create({ jid: `console:${name.toLowerCase()}`, name, isMain: index === 0, ...(index === 0 && { folder: 'main' }) }));
  store.close();
  return new Map(made.map(({ folder, id }) => [folder, id]));
}

/** Ends the runs that wait, as a queue would: `outcomes` by the beginning of the prompt. */
export function endRuns({ dataDir }: Pick<TestCore, 'dataDir'>, outcomes: Readonly<Record<string, { readonly status: 'succeeded' | 'failed'; readonly text: string; readonly durationMs: number }>>): void {
  const store = openStore({ file: join(dataDir, 'data', 'wheelhouse.db'), durability: 'normal', clock: systemClock, onListenerError });
  const room = openTestSchedule({ store, clock: systemClock, queue: new TestQueue(store) });
  for (const run of room.schedule.runs({ limit: 500 })) {
    const { prompt } = room.schedule.get(run.taskId)!;
    const outcome = Object.entries(outcomes).find(([start]) => prompt.startsWith(start))?.[1];
    if (outcome === undefined || run.status !== 'queued') continue;
    const { status, text, durationMs } = outcome;
    store.transact((tx) => room.outcomes.ended(tx, run.id, { status, durationMs, result: status === 'failed' ? null : text, error: status === 'failed' ? text : null }));
  }
  store.close();
}

/** A schedule with something of everything: what the pictures show. */
export async function furnishSchedule(core: TestCore): Promise<void> {
  registerGroups(core, ['Home', 'Family', '개발팀']);
  const add = async (group: string, prompt: string, kind: 'cron' | 'interval' | 'once', value: string, more: object = {}) => (await core.call('schedule.create', { group, prompt, kind, value, ...more })).task.id;
  const news = await add('Home', 'Sum up the news of the night in five lines, with a link for each.', 'cron', '0 8 * * 1-5');
  await add('Family', 'Ask whether anybody needs something from the shop', 'cron', '30 17 * * 5', { context_mode: 'group' });
  const mail = await add('Home', 'Look at the mail and tell me what cannot wait', 'interval', '7200000', { missed: 'skip' });
  const build = await add('개발팀', '야간 빌드 결과를 확인하고 실패한 테스트를 정리해 줘', 'cron', '0 7 * * *', { context_mode: 'group' });
  await add('Family', 'Remind us of the concert', 'once', `${new Date().getFullYear() + 1}-06-01T18:00`);
  await add('개발팀', '서버 상태 점검', 'cron', '*/10 * * * *');
  const report = await add('Home', 'Write the monthly report', 'cron', '0 18 L * *', { zone: 'Europe/Berlin' });
  const backup = await add('개발팀', '백업이 끝났는지 확인', 'cron', '0 3 * * *');
  for (const id of [news, mail, build]) await core.call('schedule.run', { task: id });
  endRuns(core, { Sum: { status: 'succeeded', text: '1. The night was quiet.\n2. Two releases came out.\n3. Nothing broke.', durationMs: 43_200 }, Look: { status: 'succeeded', text: 'Nothing urgent. One letter from the bank can wait until Monday.', durationMs: 8_900 }, 야간: { status: 'failed', text: 'The container ended with code 1: npm ERR! missing script: test', durationMs: 95_000 } });
  for (let n = 0; n < 5; n += 1) {
    await core.call('schedule.run', { task: backup });
    endRuns(core, { 백업: { status: 'failed', text: 'The agent did not answer within 30 minutes.', durationMs: 1_800_000 } });
  }
  await core.call('schedule.run', { task: news });
  await core.call('schedule.pause', { task: report });
}
