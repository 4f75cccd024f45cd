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

  it('ends although the core fails to stop, or nobody can be asked', async () => {
    const failing = makeQuit({ stop: async () => Promise.reject(new Error('stuck')) });
    failing.app.quit();
    failing.questions[0]!.reject(new Error('no display'));
    await failing.app.ended.promise;
    expect(failing.log).toEqual(['stop']);
  });
});
