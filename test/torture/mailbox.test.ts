import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { CLUB } from '../support/agents/mailbox-rooms.ts';
import { startLineProcess, type LineProcess } from '../support/line-process.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';

const PROGRAM = join(import.meta.dirname, '../support/agents/mailbox-process.ts');
const KILLS = 8;
const MESSAGES = 160;
/** Every so many messages a task is scheduled: that must not happen twice, and cannot be made to. */
const TASK_EVERY = 8;

test('kill -9 in the middle: no message of an agent is lost, repeated or out of order, and no task is made twice', async () => {
  const dir = makeTempDir('wheelhouse-torture-');
  onTestFinished(() => dir.remove());
  const box = (name: string): string => join(dir.path, 'ipc/club', name);
  const put = (folder: string, name: string, body: object): void => {
    writeFileSync(join(box(folder), `${name}.tmp`), JSON.stringify(body));
    renameSync(join(box(folder), `${name}.tmp`), join(box(folder), name));
  };
  const start = async (): Promise<LineProcess> => {
    const started = startLineProcess(PROGRAM, [dir.path]);
    expect(await started.next()).toEqual({ point: 'listening' });
    return started;
  };

  let mailbox = await start();
  for (const folder of ['messages', 'tasks', 'answers']) mkdirSync(box(folder), { recursive: true });
  const tasks: string[] = [];
  for (let n = 0; n < MESSAGES; n += 1) {
    const name = `${String(n).padStart(4, '0')}.json`;
    put('messages', name, { type: 'message', chatJid: CLUB, text: `no. ${n}` });
    if (n % TASK_EVERY === 0) {
      tasks.push(name.replace('.json', '-task.json'));
      put('tasks', tasks.at(-1)!, { type: 'schedule_task', prompt: `task ${n}`, schedule_type: 'cron', schedule_value: '0 9 * * *', targetJid: CLUB });
    }
    if ((n + 1) % (MESSAGES / KILLS) !== 0) continue;
    // Somewhere among what was just put there, each time a little later.
    await pause((n * 13) % 70);
    await mailbox.kill();
    mailbox = await start();
  }
  const left = (): string[] => [box('messages'), box('tasks'), join(dir.path, 'ipc/.claimed/club')].flatMap((folder) => readdirSync(folder));
  await until(() => left().length === 0);
  await mailbox.end();

  const db = new Database(join(dir.path, 'wheelhouse.db'), { readonly: true });
  onTestFinished(() => void db.close());
  const texts = db.prepare('SELECT text FROM outbound ORDER BY id').pluck().all() as string[];
  expect(texts.map((text) => /no\. \d+/.exec(text)?.[0])).toEqual(Array.from({ length: MESSAGES }, (_, n) => `no. ${n}`));
  const prompts = db.prepare('SELECT prompt FROM scheduled_tasks').pluck().all() as string[];
  expect(new Set(prompts).size).toBe(prompts.length);
  // A task that was not made is one of which the agent was told that nobody knows.
  const unknown = tasks.filter((name) => readFileSync(join(box('answers'), name), 'utf8').includes('"CONFLICT"'));
  expect(prompts.length).toBeGreaterThanOrEqual(tasks.length - unknown.length);
});
