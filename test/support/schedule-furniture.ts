import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigChanges } from '../../main/config/schema.ts';
import type { TestCore } from './start-core.ts';

/** Does what a scheduled task says, without a model. */
export const TASK_AGENT = join(import.meta.dirname, 'agents/task-agent.sh');

/** Runs scheduled tasks by a real program of this machine; a task that fails does not stop its agent. */
export const SCHEDULE_CONFIG: ConfigChanges = {
  schedule: { time_zone: 'Asia/Seoul' },
  agents: { runner: 'process', allow_process_runner: true, process_command: ['sh', TASK_AGENT], stop_timeout_sec: 1 },
  security: { auto_stop_failures: null },
};

/** The first is the main group. */
export async function addGroups(core: TestCore, ...names: string[]): Promise<void> {
  for (const [index, name] of names.entries()) await core.call('groups.create', { jid: `console:group-${index}`, name, main: index === 0, ...(index === 0 && { folder: 'main' }) });
}

/** Runs a task now and waits until that is over. */
export async function runToEnd(core: TestCore, task: string): Promise<void> {
  const { run } = await core.call('schedule.run', { task });
  for (let tries = 0; tries < 400; tries += 1) {
    const { runs } = await core.call('schedule.runs', { task, limit: 5 });
    if (runs.some(({ id, endedAt }) => id === run.id && endedAt !== null)) return;
    await pause(25);
  }
  throw new Error('the run does not end');
}

/** A schedule with something of everything: what the pictures show. */
export async function furnishSchedule(core: TestCore): Promise<void> {
  await addGroups(core, 'Home', 'Family', '개발팀');
  const add = async (group: string, prompt: string, kind: 'cron' | 'interval' | 'once', value: string, more: object = {}) => (await core.call('schedule.create', { group, prompt, kind, value, ...more })).task.id;
  const news = await add('Home', 'Sum up the news of the night in five lines, with a link for each.', 'cron', '0 8 * * 1-5');
  await add('Family', 'Ask whether anybody needs something from the shop', 'cron', '30 17 * * 5', { context_mode: 'group' });
  const mail = await add('Home', 'Look at the mail and tell me what cannot wait', 'interval', '7200000', { missed: 'skip' });
  const build = await add('개발팀', '야간 빌드 결과를 확인하고 실패한 테스트를 정리해 줘 (fails)', 'cron', '0 7 * * *', { context_mode: 'group' });
  await add('Family', 'Remind us of the concert', 'once', `${new Date().getFullYear() + 1}-06-01T18:00`);
  await add('개발팀', '서버 상태 점검', 'cron', '*/10 * * * *');
  const report = await add('Home', 'Write the monthly report', 'cron', '0 18 L * *', { zone: 'Europe/Berlin' });
  const backup = await add('개발팀', '백업이 끝났는지 확인 (fails)', 'cron', '0 3 * * *');
  for (const id of [news, mail, build, backup, backup, backup, backup, backup]) await runToEnd(core, id);
  await core.call('schedule.pause', { task: report });
}
