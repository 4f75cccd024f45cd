import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunPlace } from '../../../main/agents/ports.ts';
import { HARD_TIMEOUT_MS, SECRET, STOP_TIMEOUT_MS, type RunnerRig } from './runner-rig.ts';
import { until } from '../until.ts';

export interface RunnerContract {
  readonly makeRig: (options?: { readonly runLogs?: string }) => RunnerRig | Promise<RunnerRig>;
  /** Whether anything of the run is still there. */
  readonly isThere: (place: RunPlace) => boolean | Promise<boolean>;
  /** Whether a process of the number that the agent saw is alive. */
  readonly isChildAlive: (pid: number, place: RunPlace) => boolean | Promise<boolean>;
}

/** What every runner promises, on real processes. The agent is `scripted-agent.sh`; only the clock is ours. */
export function runnerContract(contract: RunnerContract): void {
  let rig: RunnerRig;
  beforeAll(async () => {
    rig = await contract.makeRig();
  });
  afterAll(async () => rig.close());
  const ready = async (run: { results(): unknown[] }): Promise<void> => {
    await until(() => run.results().length > 0);
  };

  describe('input and output', () => {
    it('RUNNER-01: an answer between markers is heard, with its session, and the run succeeds', async () => {
      const run = rig.start('answer');
      expect(await run.live.ended).toMatchObject({ status: 'succeeded', cause: 'finished', exitCode: 0, error: null, sessionId: 'session-1', unread: [] });
      expect(run.outputs).toEqual([{ status: 'success', result: 'hello', newSessionId: 'session-1' }]);
      expect(run.places).toHaveLength(1);
      expect(await contract.isThere(run.places[0]!)).toBe(false);
    });

    it('RUNNER-01: what is printed besides is for eyes and for the log, not for the chat', async () => {
      const run = rig.start('answer');
      await run.live.ended;
      expect(run.printed).toEqual({ stdout: 'some noise on stdout\n', stderr: 'some noise on stderr\n' });
      expect(await run.log()).toContain('out| some noise on stdout\n');
      expect(await run.log()).toContain('err| some noise on stderr\n');
    });

    it('RUNNER-01: the input arrives byte for byte, whatever is in it', async () => {
      const prompt = `measure ${'한글 🙂 "quoted" \\ \u0000 \n'.repeat(20_000)}`;
      const run = rig.start(prompt, { sessionId: 'session-0', isMain: true });
      await run.live.ended;
      const sent = JSON.stringify({ prompt, sessionId: 'session-0', groupFolder: 'home', chatJid: 'console:home', isMain: true, secrets: { ANTHROPIC_API_KEY: SECRET } });
      expect(run.results()).toEqual([`${Buffer.byteLength(sent)} ${createHash('md5').update(sent).digest('hex')}`]);
    });

    it('RUNNER-02: a partial result is heard while the agent still works', async () => {
      const run = rig.start('serve');
      await ready(run);
      expect(run.outputs[0]).toMatchObject({ result: 'ready', newSessionId: 'session-1' });
      expect(await contract.isThere(run.places[0]!)).toBe(true);
      await run.live.requestClose();
      expect(await run.live.ended).toMatchObject({ status: 'succeeded', cause: 'finished' });
    });

    it('RUNNER-01: a slow listener hears one document after the other', async () => {
      let busy = 0;
      let most = 0;
      const run = rig.start('serve', {
        onOutput: async () => {
          most = Math.max(most, (busy += 1));
          await new Promise((resolve) => setImmediate(resolve));
          busy -= 1;
        },
      });
      await ready(run);
      for (const id of ['a', 'b', 'c']) await run.live.followUp(id, id);
      await until(() => run.results().length === 4);
      await run.live.requestClose();
      await run.live.ended;
      expect(most).toBe(1);
    });

    it('RUNNER-01: broken and nested markers cost only themselves and stand in the log', async () => {
      const run = rig.start('broken');
      expect(await run.live.ended).toMatchObject({ status: 'succeeded' });
      expect(run.results()).toEqual(['after the mess']);
      expect(await run.log()).toContain('A block of output was dropped: it is not JSON: {"status":"succ');
      expect(await run.log()).toContain('another start marker came before the end marker');
    });

    it('OPS-03: of 100 MB of output the log keeps 10, and the answer after it is heard', async () => {
      const run = rig.start('flood');
      const end = await run.live.ended;
      expect(end).toMatchObject({ status: 'succeeded' });
      expect(run.results()).toEqual(['still here']);
      expect(statSync(end.logFile!).size).toBeLessThan(12 << 20);
      expect(await run.log()).toMatch(/stdout: \d+ bytes, TRUNCATED, \d{8} more were dropped/);
    });

    it('a document of more than 10 MB is dropped and said so, the next one is heard', async () => {
      const run = rig.start('long-block');
      expect(await run.live.ended).toMatchObject({ status: 'succeeded' });
      expect(run.results()).toEqual(['still here']);
      expect(await run.log()).toContain('longer than 10485760 characters');
    });
  });

  describe('follow-ups', () => {
    it('QUEUE-02: texts reach the live agent in the order in which they came', async () => {
      const run = rig.start('serve');
      await ready(run);
      await Promise.all(['one', 'two', 'three', 'four'].map(async (text) => run.live.followUp(`id-${text}`, text)));
      await until(() => run.results().length === 5);
      expect(run.results()).toEqual(['ready', 'heard one', 'heard two', 'heard three', 'heard four']);
      await run.live.requestClose();
      expect(await run.live.ended).toMatchObject({ unread: [] });
    });

    it('QUEUE-02: texts that the agent never took are named at the end', async () => {
      const run = rig.start('deaf');
      await ready(run);
      await run.live.followUp('first', 'nobody hears');
      await run.live.followUp('second', 'this');
      await run.live.abort('aborted');
      expect(await run.live.ended).toMatchObject({ unread: ['first', 'second'] });
      expect(await run.log()).toContain('Follow-ups that it never took: 2');
    });

    it('QUEUE-02: what an earlier run left in input/ does not leak into the next one', async () => {
      const input = join(rig.paths.mailbox, 'leftover', 'input');
      mkdirSync(input, { recursive: true });
      writeFileSync(join(input, '1-old.json'), '{"type":"message","text":"old"}');
      writeFileSync(join(input, '_close'), '');
      const run = rig.start('serve', { folder: 'leftover' });
      await ready(run);
      await run.live.followUp('new', 'new');
      await until(() => run.results().length === 2);
      expect(run.results()).toEqual(['ready', 'heard new']);
      await run.live.requestClose();
      await run.live.ended;
    });

    it('a folder that is gone in mid-run refuses a follow-up instead of losing it', async () => {
      const run = rig.start('deaf', { folder: 'doomed' });
      await ready(run);
      rmSync(join(rig.paths.mailbox, 'doomed'), { recursive: true });
      await expect(run.live.followUp('x', 'lost?')).rejects.toThrow('input');
      await run.live.abort('aborted');
      expect(await run.live.ended).toMatchObject({ status: 'aborted' });
    });

    it('a folder that is gone before the start is made again', async () => {
      for (const root of [rig.paths.groups, rig.paths.mailbox]) rmSync(join(root, 'home'), { recursive: true, force: true });
      const run = rig.start('answer');
      expect(await run.live.ended).toMatchObject({ status: 'succeeded' });
    });

    it('a link in the place of a folder is refused, and nothing is written through it', async () => {
      const elsewhere = join(rig.paths.root, 'elsewhere');
      mkdirSync(elsewhere);
      mkdirSync(join(rig.paths.mailbox, 'linked'), { recursive: true });
      symlinkSync(elsewhere, join(rig.paths.mailbox, 'linked', 'input'));
      const run = rig.start('answer', { folder: 'linked' });
      expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'not_started' });
      expect(readdirSync(elsewhere)).toEqual([]);
    });

    it('after the end a follow-up is refused, and asking to end, stopping and aborting do nothing', async () => {
      const run = rig.start('answer');
      await run.live.ended;
      await expect(run.live.followUp('late', 'late')).rejects.toThrow('over');
      await run.live.requestClose();
      await run.live.stop('stopped');
      await run.live.abort('aborted');
      expect(await run.live.ended).toMatchObject({ status: 'succeeded' });
    });
  });

  describe('ends', () => {
    it('an exit code is named, with the last words on stderr', async () => {
      const run = rig.start('fail');
      expect(await run.live.ended).toMatchObject({
        status: 'failed',
        cause: 'exit_code',
        exitCode: 3,
        error: 'The agent ended with exit code 3. It last said: the disk of the agent is on fire',
      });
    });

    it('an exit code after an answer fails the run, and the answer was heard', async () => {
      const run = rig.start('answer-and-fail');
      expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'exit_code', exitCode: 4, sessionId: 'session-1' });
      expect(run.results()).toEqual(['half of it']);
    });

    it('an error that the agent reports fails the run, and its session is not kept', async () => {
      const run = rig.start('report-error');
      expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'agent_error', exitCode: 0, error: 'The agent reported an error: the model refused.', sessionId: null });
    });

    it('an agent that prints no markers has failed, and says so', async () => {
      const run = rig.start('silent');
      expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'agent_error', error: 'The agent ended without an answer between the output markers.' });
    });

    it('QUEUE-03: an agent that was asked to end may end without an answer', async () => {
      const run = rig.start('silent', { onStarted: async () => run.live.requestClose() });
      expect(await run.live.ended).toMatchObject({ status: 'succeeded', cause: 'finished' });
    });

    it('RUNNER-03: an agent that gives no sign is stopped after the hard timeout, which noise does not put off', async () => {
      const run = rig.start('noisy');
      await until(() => run.printed.stderr.includes('thinking'));
      rig.clock.advance(HARD_TIMEOUT_MS - 1);
      const before = run.printed.stderr.length;
      await until(() => run.printed.stderr.length > before + 100);
      expect(await contract.isThere(run.places[0]!)).toBe(true);
      rig.clock.advance(1);
      expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'timeout' });
      expect((await run.live.ended).error).toContain('no answer within 90 s');
    });

    it('RUNNER-03: each answer puts the hard timeout off, and a timeout after an answer is a success', async () => {
      const run = rig.start('serve');
      await ready(run);
      rig.clock.advance(HARD_TIMEOUT_MS - 1);
      await run.live.followUp('a', 'again');
      await until(() => run.results().length === 2);
      rig.clock.advance(HARD_TIMEOUT_MS - 1);
      expect(await contract.isThere(run.places[0]!)).toBe(true);
      rig.clock.advance(1);
      // As the first process of a container a shell ignores the signal.
      rig.clock.advance(STOP_TIMEOUT_MS);
      expect(await run.live.ended).toMatchObject({ status: 'succeeded', cause: 'idle', sessionId: 'session-1' });
    });

    it('RUNNER-03: a stop lets the agent end by itself first', async () => {
      const run = rig.start('polite');
      await ready(run);
      await run.live.stop('stopped');
      expect(run.results()).toEqual(['ready', 'goodbye']);
      expect(await run.live.ended).toMatchObject({ status: 'aborted', cause: 'stopped', exitCode: 0 });
    });

    it('RUNNER-03: an agent that ignores the signal is killed after the stop timeout', async () => {
      const run = rig.start('stubborn');
      await ready(run);
      const stopped = run.live.stop('stopped');
      await until(() => rig.clock.timers > 0);
      rig.clock.advance(STOP_TIMEOUT_MS);
      await stopped;
      expect(await run.live.ended).toMatchObject({ status: 'aborted', cause: 'stopped' });
      expect(await run.log()).toContain('It did not end in time and is killed.');
      expect(await contract.isThere(run.places[0]!)).toBe(false);
    });

    it('an abort ends the agent and what it started, without asking', async () => {
      const run = rig.start('family');
      await ready(run);
      const child = Number(run.results()[0]!.replace('child ', ''));
      expect(await contract.isChildAlive(child, run.places[0]!)).toBe(true);
      await run.live.abort('aborted');
      expect(await run.live.ended).toMatchObject({ status: 'aborted', cause: 'aborted', error: 'The run was aborted.' });
      expect(await contract.isThere(run.places[0]!)).toBe(false);
      await until(async () => !(await contract.isChildAlive(child, run.places[0]!)));
    });

    it('what the agent started ends with it', async () => {
      const run = rig.start('leave-child');
      expect(await run.live.ended).toMatchObject({ status: 'succeeded' });
      const child = Number(run.results()[0]!.replace('child ', ''));
      await until(async () => !(await contract.isChildAlive(child, run.places[0]!)));
    });

    it('an abort before it has started leaves nothing behind', async () => {
      const run = rig.start('deaf');
      await run.live.abort('kill_switch');
      expect(await run.live.ended).toMatchObject({ status: 'aborted', cause: 'kill_switch' });
      for (const place of run.places) expect(await contract.isThere(place)).toBe(false);
    });

    it('a listener that fails makes the run fail, and hears the rest', async () => {
      const run = rig.start('serve', {
        onOutput: ({ result }) => {
          if (result === 'ready') throw new Error('the chat is full');
        },
      });
      await ready(run);
      await run.live.followUp('a', 'more');
      await until(() => run.results().length === 2);
      await run.live.requestClose();
      expect(await run.live.ended).toMatchObject({ status: 'failed', error: 'What the agent answered could not be taken in: the chat is full' });
    });

    it('OPS-03: a log that cannot be written does not stop the run', async () => {
      const blocked = join(rig.paths.root, 'blocked');
      writeFileSync(blocked, 'a file where the folder of the logs belongs');
      const other = await contract.makeRig({ runLogs: blocked });
      try {
        const run = other.start('answer');
        expect(await run.live.ended).toMatchObject({ status: 'succeeded', logFile: null });
      } finally {
        await other.close();
      }
    });
  });

  describe('SEC-05: credentials', () => {
    it('SEC-05: a key reaches the agent and no place where others look, even when the agent prints it', async () => {
      const run = rig.start('leak', { folder: 'leaky' });
      await ready(run);
      expect(processesWith(SECRET)).toEqual([]);
      await run.live.requestClose();
      const end = await run.live.ended;
      expect(JSON.stringify([run.outputs, run.printed, end])).not.toContain(SECRET);
      expect(run.results()).toEqual(['[hidden]']);
      // What Node would write down of this process if it crashed now.
      expect(JSON.stringify(process.report.getReport())).not.toContain(SECRET);
      expect(grep(rig.paths.root, SECRET)).toEqual([]);
      expect(await run.log()).toContain('"ANTHROPIC_API_KEY":"[hidden]"');
      expect(await run.log()).toContain('credentials ANTHROPIC_API_KEY');
    });

    it('SEC-05: the environment of the agent holds no key', async () => {
      const run = rig.start('run-env');
      await run.live.ended;
      expect(run.results()[0]).toContain('HOME=');
      expect(run.results()[0]).not.toMatch(/planted|API_KEY/);
    });
  });
}

/** The processes of this machine, those in containers included, that show `text` in their arguments or environment. */
export function processesWith(text: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((pid) =>
    ['cmdline', 'environ'].flatMap((file) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/${file}`).includes(text) ? [`${pid}/${file}`] : [];
      } catch {
        // It ended in between.
        return [];
      }
    }),
  );
}

/** The files below `dir` that hold `text`. */
export function grep(dir: string, text: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    return entry.isFile() && existsSync(file) && readFileSync(file).includes(text) ? [file] : [];
  });
}
