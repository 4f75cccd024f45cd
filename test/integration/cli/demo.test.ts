import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnCli, type CliProcess } from '../../support/cli-process.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

/** How long to wait for something on a busy machine. */

describe('wheelhouse demo', () => {
  let temp: ReturnType<typeof makeTempDir>;
  let demo: CliProcess;
  const start = (...words: string[]): CliProcess => spawnCli(['demo', ...words], { TMPDIR: temp.path, WAIAAS_SERVER_PORT: '3100', CO_BUS_KEY: 'a shared key of the person' });
  beforeEach(() => {
    temp = makeTempDir();
  });
  afterEach(async () => {
    demo.kill('SIGKILL');
    await demo.ended;
    temp.remove();
  });

  it('brings its release out, tells what happens and leaves nothing behind', async () => {
    demo = start('--fast');
    expect(await demo.ended).toBe(0);
    expect(demo.out()).toContain('The release is out: 7 tasks done, 15 messages');
    for (const part of ['/ui/open?key=', 'BE acquired stock-db-schema', 'task#3 is ready for FE', 'AI set task#4 → blocked', '1.4 is out']) expect(demo.err()).toContain(part);
    expect(demo.err()).not.toContain('wai_sess_');
    expect(readdirSync(temp.path)).toEqual([]);
  });

  it('stays open with --keep until Ctrl-C', async () => {
    demo = start('--fast', '--keep', '--json');
    const [summary] = await demo.prints(/.*\n/);
    expect(JSON.parse(summary)).toMatchObject({ tasksDone: 7, tasksLeft: 0, locksHeld: 0 });
    const [, origin] = /Watch it: (http:\/\/[^/]+)/.exec(demo.err())!;
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    demo.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    await expect(fetch(`${origin}/health`)).rejects.toThrow();
    expect(readdirSync(temp.path)).toEqual([]);
  });

  it('ends at once on Ctrl-C in the middle', async () => {
    demo = start();
    await expect.poll(() => demo.err()).toContain('Watch it');
    demo.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    expect(demo.err()).toContain('Stopped.');
    expect(readdirSync(temp.path)).toEqual([]);
  });
});
