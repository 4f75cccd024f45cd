import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { localKeyFile } from '../../../main/server/local-key.ts';
import { spawnCli, type CliProcess } from '../../support/cli-process.ts';
import { filesWith } from '../../support/files-with.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';

const SECRET_PART = BOT_TOKEN.split(':')[1]!;
const KEY = 'sk-ant-planted-"key" with 비밀';

let api: TelegramApi;
let dir: ReturnType<typeof makeTempDir>;
let env: Readonly<Record<string, string>>;
let core: CliProcess;
beforeEach(async () => {
  api = await startTelegramApi();
  dir = makeTempDir();
  env = { WAIAAS_DATA_DIR: dir.path, WAIAAS_SERVER_PORT: '0', WAIAAS_LOG_LEVEL: 'debug', COKACDIR_CHAT_ID: '6937032012', WAIAAS_NOTIFY_TELEGRAM_API: api.apiRoot };
});
afterEach(async () => {
  // Also when the test failed before it crashed the core.
  core.kill('SIGKILL');
  await core.ended;
  dir.remove();
  await api.close();
});

/** The arguments and variables of every process of this machine that can be looked at. */
function processesNow(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => ['cmdline', 'environ'].map((what) => readIfThere(`/proc/${pid}/${what}`))).join('\n');
}

/** Processes end while they are looked at. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

test('a planted secret is in the store and nowhere else: no argument, variable, log, database, frame or last words of a crash', { timeout: 60_000 }, async () => {
  core = spawnCli(['serve'], env);
  const said: CliProcess[] = [core];
  const [, url] = await core.prints(/(http:\/\/127\.0\.0\.1:\d+)\/mcp/);
  const headers = { Authorization: `Bearer ${readFileSync(localKeyFile(dir.path), 'utf8').trim()}` };
  const frames: string[] = [];
  const window = new WebSocket(`${url!.replace('http', 'ws')}/v1/live`, { headers });
  window.on('message', (data: Buffer) => frames.push(data.toString('utf8')));
  const run = async (words: readonly string[], input?: string): Promise<number | NodeJS.Signals> => {
    const command = spawnCli(words, env, input);
    said.push(command);
    const seen = processesNow();
    expect(seen).toContain(words.join('\0'));
    for (const secret of [SECRET_PART, KEY]) expect(seen).not.toContain(secret);
    return command.ended;
  };

  expect(await run(['secret', 'set', 'ANTHROPIC_API_KEY'], KEY)).toBe(0);
  expect(await run(['secret', 'set', 'ANU_BOT_TOKEN'], `${BOT_TOKEN}\n`)).toBe(0);
  api.failNext('sendMessage', { status: 400, description: `Bad Request: https://api.telegram.org/bot${BOT_TOKEN}/sendMessage` });
  expect(await run(['notify', 'test', '--channel', 'telegram'])).toBe(1);
  expect(await run(['secret', 'set', 'NTFY_TOKEN'], KEY)).toBe(2);
  expect(await run(['secret', 'list', '--json'])).toBe(0);
  for (const body of [`{"name":"NTFY_TOKEN","secret":"${KEY}`, JSON.stringify({ name: 'NTFY_TOKEN', secret: { wrong: SECRET_PART } }), JSON.stringify({ name: SECRET_PART, secret: SECRET_PART })]) {
    const answer = await fetch(`${url!}/v1/call/secrets.set`, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body });
    expect(answer.ok && ((await answer.json()) as { ok: boolean }).ok).toBe(false);
  }
  await expect.poll(() => frames.join()).toContain('The secret ANU_BOT_TOKEN was set');
  await expect.poll(() => frames.join()).toContain('[REDACTED]');
  core.kill('SIGABRT');
  expect(await core.ended).toBe('SIGABRT');

  const words = said.map((each) => each.out() + each.err()).join('');
  for (const secret of [SECRET_PART, KEY]) {
    expect(words).not.toContain(secret);
    expect(frames.filter((frame) => frame.includes(secret) || frame.includes(JSON.stringify(secret).slice(1, -1)))).toEqual([]);
  }
  expect(filesWith(dir.path, [SECRET_PART, KEY, JSON.stringify(KEY).slice(1, -1)])).toEqual(['.env']);
});
