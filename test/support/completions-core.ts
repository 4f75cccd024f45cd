import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompletionView } from '../../preload/contract.ts';
import { startCore, type CoreOverrides, type TestCore } from './start-core.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from './telegram-api.ts';

/** A whole core that watches a folder and tells a person by the stand-in for Telegram. */
export interface CompletionsCore {
  readonly api: TelegramApi;
  readonly core: () => TestCore;
  readonly folder: string;
  /** As a tool does: written elsewhere, then renamed into the folder. */
  drop(task: string, body?: string): void;
  /** What lies in the folder, in order. */
  files(): readonly string[];
  /** Every completion, oldest first. */
  known(): Promise<readonly CompletionView[]>;
  /** How often each task was told as done, by what the person reads. */
  told(): Readonly<Record<string, number>>;
  restart(while_?: () => void): Promise<void>;
  close(): Promise<void>;
}

const CHAT = '6937032012';

export async function startCompletionsCore(dataDir: string, overrides: CoreOverrides = {}): Promise<CompletionsCore> {
  const api = await startTelegramApi();
  const folder = join(dataDir, 'events');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const start = async (): Promise<TestCore> =>
    startCore({
      ...overrides,
      dataDir,
      secrets: { botToken: BOT_TOKEN },
      config: { ...overrides.config, ui: { language: 'en' }, notify: { telegram_chat: CHAT, telegram_api: api.apiRoot, desktop: false, ...overrides.config?.notify } },
    });
  let core = await start();
  let dropped = 0;
  return {
    api,
    core: () => core,
    folder,
    drop(task, body = '') {
      const made = join(dataDir, `drop-${(dropped += 1)}`);
      writeFileSync(made, body);
      renameSync(made, join(folder, `${task}.done`));
    },
    files: () => readdirSync(folder).filter((name) => name !== 'archive').toSorted(),
    known: async () => (await core.call('completions.list', { limit: 500 })).completions.toReversed(),
    told() {
      const counts: Record<string, number> = {};
      const sent = api.messages.flatMap(({ text }) => [...text.matchAll(/(\S+) done(?: \(\d+\.\))?(?=$|[\n:])/gm)].map(([, task]) => task!)).filter((task) => task !== 'tasks');
      for (const task of sent) counts[task] = (counts[task] ?? 0) + 1;
      return counts;
    },
    async restart(while_ = () => undefined) {
      await core.stop();
      while_();
      core = await start();
    },
    async close() {
      await core.stop();
      await api.close();
    },
  };
}
