/**
 * One process of the torture of completions: `done DIR API STEP` reports a task by the command, `live DIR API STEP` is the
 * second layer until everything is in the archive. It is killed in front of STEP; when it comes to its end before, it prints
 * its steps as a JSON list.
 */
import { Readable } from 'node:stream';
import { runCli } from '../../main/cli/run.ts';
import { CHAT, liveCompletions } from './completion-life.ts';
import { killAtStep } from './kill-at-step.ts';
import { BOT_TOKEN } from './telegram-api.ts';

const [mode, dataDir = '', apiRoot = '', fatal = ''] = process.argv.slice(2);
const steps = await killAtStep(Number(fatal));

if (mode === 'done') {
  const exit = await runCli(['done', 'task-1', '--summary', 'finished'], {
    out: () => undefined,
    err: (text) => void process.stderr.write(text),
    stdin: () => Readable.from([]),
    env: { WAIAAS_DATA_DIR: dataDir, ANU_BOT_TOKEN: BOT_TOKEN, COKACDIR_CHAT_ID: CHAT, WAIAAS_NOTIFY_TELEGRAM_API: apiRoot, WAIAAS_UI_LANGUAGE: 'en' },
    cwd: dataDir,
    platform: process.platform,
    program: [],
    onStop: () => () => undefined,
  });
  if (exit !== 0) throw new Error(`the command ended with ${exit}`);
} else {
  await liveCompletions(dataDir, apiRoot);
}
process.stdout.write(`${JSON.stringify(steps())}\n`);
