import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../main/base/log.ts';
import { Quit } from '../../../main/desktop/quit.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** Electron's part of quitting: `before-quit` first, and the end when nobody prevents it. */
class FakeApp extends EventEmitter {
  readonly ended = Promise.withResolvers<void>();
  quit(): void {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.ended.resolve();
  }
}

function makeQuit(overrides: { readonly stop?: () => Promise<void> } = {}) {
  const app = new FakeApp();
  const clock = new FakeClock();
  const questions: PromiseWithResolvers<boolean>[] = [];
  const asked = new EventEmitter();
  const log: string[] = [];
  const quit = new Quit({
    app: app as unknown as App,
    clock,
    log: silentLog(),
    delegate: {
      mayQuit: async () => {
        const question = Promise.withResolvers<boolean>();
        questions.push(question);
        asked.emit('asked');
        return question.promise;
      },
      stop: async () => {
        log.push('stop');
        await overrides.stop?.();
      },
      tellFailure: async (error) => void log.push(`told: ${String(error)}`),
    },
  });
  return { app, clock, questions, quit, log };
}

/** Lets everything run that only waits for promises. */
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('quitting', () => {
  it('stops the core before it ends when the person agrees', async () => {
    const { app, questions, quit, log } = makeQuit();
    app.quit();
    expect(quit.decided).toBe(false);
    questions[0]!.resolve(true);
    await app.ended.promise;
    expect(log).toEqual(['stop']);
    expect(quit.decided).toBe(true);
  });

  it('does nothing when the person cancels, and asks again the next time', async () => {
    const { app, questions, quit, log } = makeQuit();
    app.quit();
    questions[0]!.resolve(false);
    await settle();
    expect([quit.decided, log]).toEqual([false, []]);
    app.quit();
    expect(questions).toHaveLength(2);
  });

  it('asks once, however often it is asked for', () => {
    const { app, questions } = makeQuit();
    app.quit();
    app.quit();
    expect(questions).toHaveLength(1);
  });

  it('does not ask when the system shuts down, even over an open question, and stops once', async () => {
    const { app, questions, quit, log } = makeQuit();
    app.quit();
    quit.now('shutdown');
    quit.now('session end');
    await app.ended.promise;
    questions[0]!.resolve(true);
    await settle();
    expect(log).toEqual(['stop']);
  });

  it('ends although the core does not stop in time', async () => {
    const { app, clock, quit } = makeQuit({ stop: async () => Promise.withResolvers<void>().promise });
    quit.now('shutdown');
    let ended = false;
    void app.ended.promise.then(() => (ended = true));
    clock.advance(4999);
    await settle();
    expect(ended).toBe(false);
    clock.advance(1);
    await settle();
    expect(ended).toBe(true);
  });

  it('ends in another way when told to, after the same question and after the core', async () => {
    const { app, questions, quit, log } = makeQuit();
    quit.endWith(async () => void log.push('install'));
    questions[0]!.resolve(true);
    await settle();
    expect(log).toEqual(['stop', 'install']);
    // What installs quits by itself, and nobody is asked again.
    app.quit();
    await app.ended.promise;
    expect(questions).toHaveLength(1);
  });

  it('forgets the other end when the person cancels or the system shuts down', async () => {
    const { app, questions, quit, log } = makeQuit();
    quit.endWith(async () => void log.push('install'));
    questions[0]!.resolve(false);
    await settle();
    quit.endWith(async () => void log.push('install'));
    quit.now('shutdown');
    await app.ended.promise;
    expect(log).toEqual(['stop']);
  });

  it('tells that the other end failed, whether at once or later, and quits', async () => {
    const atOnce = makeQuit();
    atOnce.quit.endWith(async () => Promise.reject(new Error('no installer')));
    atOnce.questions[0]!.resolve(true);
    await atOnce.app.ended.promise;
    expect(atOnce.log).toEqual(['stop', 'told: Error: no installer']);
    const later = makeQuit();
    let fail: (error: unknown) => void = () => undefined;
    later.quit.endWith(async (onFailure) => void (fail = onFailure));
    later.questions[0]!.resolve(true);
    await settle();
    fail(new Error('refused by the system'));
    await later.app.ended.promise;
    expect(later.log).toEqual(['stop', 'told: Error: refused by the system']);
  });

  it('ends although the core fails to stop, or nobody can be asked', async () => {
    const failing = makeQuit({ stop: async () => Promise.reject(new Error('stuck')) });
    failing.app.quit();
    failing.questions[0]!.reject(new Error('no display'));
    await failing.app.ended.promise;
    expect(failing.log).toEqual(['stop']);
  });
});
