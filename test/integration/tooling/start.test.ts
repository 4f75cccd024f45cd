import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitForOutput } from '../../support/setup/wait-for-output.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const ROOT = join(import.meta.dirname, '../../..');
const script = (name: string): string => join(ROOT, 'resources/scripts', name);

describe('the scripts of a checkout', () => {
  let dir: ReturnType<typeof makeTempDir>;
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => dir.remove());
  const env = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: dir.path, WAIAAS_DATA_DIR: join(dir.path, 'data'), WAIAAS_SERVER_PORT: '0' });

  it.skipIf(process.platform !== 'linux')('start without a display: one sentence why, and the windows behind a link', { timeout: 180_000 }, async () => {
    const start = spawn(process.execPath, [script('start.mjs')], { cwd: ROOT, env: env(), stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(start, 'close');
    const [text, link] = await waitForOutput(start, start.stdout, /There is no display here, so Wheelhouse runs without a tray[^\n]*\n[^]*Windows: +(\S+)/);
    expect(text).toContain('MCP clients');
    const opened = await fetch(link!, { redirect: 'manual' });
    const page = await fetch(new URL('/ui/', link), { headers: { cookie: opened.headers.get('set-cookie')!.split(';')[0]! } });
    expect(await page.text()).toContain('<div id="root">');
    start.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  it('run the command of the checkout and hand on how it ends', { timeout: 180_000 }, () => {
    const run = (...words: string[]) => spawnSync(process.execPath, [script('run-cli.mjs'), ...words], { env: env(), cwd: dir.path, encoding: 'utf8' });
    expect(run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
    expect(run('status', '--json')).toMatchObject({ status: 3, stdout: '' });
  });
});
