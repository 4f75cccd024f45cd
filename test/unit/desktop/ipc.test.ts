import { EventEmitter } from 'node:events';
import type { IpcMain, WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { silentLog } from '../../../main/base/log.ts';
import { CALL_RULES, ruleFor, type CallRules } from '../../../main/desktop/call-rules.ts';
import { Ipc, type IpcDelegate } from '../../../main/desktop/ipc.ts';
import { checkSender } from '../../../main/desktop/sender.ts';
import type { CallName, LiveEvent } from '../../../preload/contract.ts';

const OURS = 7;
const PAGE = 'wheelhouse://app/index.html';
type Frame = { readonly url: string; readonly parent: unknown } | null;

class FakeContents extends EventEmitter {
  readonly id: number;
  readonly got: unknown[] = [];
  #destroyed = false;

  constructor(id = OURS) {
    super();
    this.id = id;
  }
  send(_channel: string, event: unknown): void {
    this.got.push(event);
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  destroy(): void {
    this.#destroyed = true;
    this.emit('destroyed');
  }
}

function makeIpc(overrides: { readonly confirm?: IpcDelegate['confirm']; readonly rules?: CallRules; readonly fail?: Error } = {}) {
  const handlers = new Map<string, (...args: unknown[]) => unknown>();
  const listeners = new Set<(event: LiveEvent) => void>();
  const calls: unknown[] = [];
  const asked: unknown[] = [];
  const ipcMain = {
    handle: (channel: string, handler: (...args: unknown[]) => unknown) => void handlers.set(channel, handler),
    on: (channel: string, handler: (...args: unknown[]) => unknown) => void handlers.set(`${channel} sent`, handler),
  } as unknown as IpcMain;
  const ipc = new Ipc({
    ipcMain,
    core: {
      live: {
        subscribe: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      call: async (name, args, source) => {
        if (overrides.fail !== undefined) throw overrides.fail;
        calls.push([name, args, source]);
        return { ok: true, result: {} } as never;
      },
    },
    delegate: {
      roleOf: (id) => (id === OURS ? 'main' : null),
      confirm: async (name, args) => {
        asked.push([name, args]);
        return overrides.confirm?.(name, args) ?? true;
      },
    },
    log: silentLog(),
    ...(overrides.rules !== undefined && { rules: overrides.rules }),
  });
  const event = (contents: FakeContents, frame: Frame = { url: PAGE, parent: null }) => ({ sender: contents, senderFrame: frame });
  return {
    ipc,
    calls,
    asked,
    listeners,
    call: async (name: unknown, args: unknown = {}, frame?: Frame, contents = new FakeContents()) => handlers.get('wheelhouse:call')!(event(contents, frame), name, args),
    listen: (contents: FakeContents, frame?: Frame) => handlers.get('wheelhouse:event sent')!(event(contents, frame)),
    emit: (live: LiveEvent) => listeners.forEach((listener) => listener(live)),
  };
}

const navigate = (page: 'board' | 'locks'): LiveEvent => ({ type: 'navigate', page });
const refused = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) });

describe('who may send', () => {
  it.each([
    ['a frame that is gone', null, OURS],
    ['a frame inside a page', { url: PAGE, parent: {} }, OURS],
    ['a page from the web', { url: 'https://app/index.html', parent: null }, OURS],
    ['another host of our scheme', { url: 'wheelhouse://open/board', parent: null }, OURS],
    ['a host that only starts like ours', { url: 'wheelhouse://app.evil/index.html', parent: null }, OURS],
    ['a blank page', { url: 'about:blank', parent: null }, OURS],
    ['no address', { url: '', parent: null }, OURS],
    ['a window that is not ours', { url: PAGE, parent: null }, 8],
  ] as const)('not %s', async (_who, frame, id) => {
    const { call, calls, listen, listeners } = makeIpc();
    const contents = new FakeContents(id);
    expect(await call('snapshot.get', {}, frame, contents)).toEqual(refused('FORBIDDEN'));
    listen(contents, frame);
    expect(calls).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  it('the top frame of our window', () => {
    expect(checkSender({ sender: { id: OURS }, senderFrame: { url: `${PAGE}#/board`, parent: null } }, () => 'main')).toEqual({ role: 'main' });
  });
});

describe('what a window may call', () => {
  it('is every call of the contract, and each has decided whether it is dangerous', () => {
    const confirmed = Object.entries(CALL_RULES).flatMap(([name, { confirm }]) => (confirm ? [name] : []));
    expect(confirmed).toEqual(['locks.forceRelease', 'sessions.revoke', 'sessions.invalidateAll', 'renewals.reject', 'killSwitch.activate', 'notices.act', 'secrets.set', 'secrets.remove', 'channels.unpair', 'mounts.set', 'schedule.cancel', 'groups.remove']);
  });

  it.each([
    [{ notice_id: 1, action: 'keep' }, 0],
    [{ notice_id: 1, action: 'ack' }, 0],
    [{ notice_id: 1, action: 'reject' }, 1],
    [{ notice_id: 1, action: ['keep'] }, 1],
    [{ notice_id: 1 }, 1],
    [null, 1],
  ])('asks about a button of a notice unless it is harmless: %j', async (given, questions) => {
    const { call, asked } = makeIpc();
    await call('notices.act', given);
    expect(asked).toHaveLength(questions);
  });

  it.each(['backup.now', 'toString', '__proto__', 'constructor', '', 7, null, undefined, ['snapshot.get']])('is not %j', async (name) => {
    const { call, calls } = makeIpc();
    expect(await call(name)).toEqual(refused('FORBIDDEN'));
    expect(calls).toEqual([]);
  });

  it('depends on the role of the window', async () => {
    const rules = { ...CALL_RULES, 'agents.add': { windows: [], confirm: false } };
    const { call } = makeIpc({ rules });
    expect(await call('agents.add', { name: 'Ada', role: 'BE' })).toEqual(refused('FORBIDDEN'));
    expect(ruleFor('agents.add', 'main', rules)).toBeNull();
    expect(await call('messages.list')).toMatchObject({ ok: true });
  });

  it('reaches the core as a call of a window, with its arguments', async () => {
    const { call, calls, asked } = makeIpc();
    await call('messages.post', { to_role: 'FE', body: 'Hello' });
    expect(calls).toEqual([['messages.post', { to_role: 'FE', body: 'Hello' }, 'window']]);
    expect(asked).toEqual([]);
  });
});

describe('a dangerous call', () => {
  const args = { resource: 'schema', reason: 'Ada is away' };

  it('is made when the person agrees', async () => {
    const { call, calls, asked } = makeIpc();
    expect(await call('locks.forceRelease', args)).toMatchObject({ ok: true });
    expect(asked).toEqual([['locks.forceRelease', args]]);
    expect(calls).toHaveLength(1);
  });

  it('is not made when the person does not', async () => {
    const { call, calls } = makeIpc({ confirm: async () => false });
    expect(await call('locks.forceRelease', args)).toEqual(refused('CANCELLED'));
    expect(calls).toEqual([]);
  });

  it('asks one question at a time, and again after an answer', async () => {
    const answers: PromiseWithResolvers<boolean>[] = [];
    const { call, calls } = makeIpc({
      confirm: async () => {
        answers.push(Promise.withResolvers<boolean>());
        return answers.at(-1)!.promise;
      },
    });
    const first = call('locks.forceRelease', args);
    expect(await call('locks.forceRelease', args)).toEqual(refused('CONFLICT'));
    answers[0]!.resolve(false);
    expect(await first).toEqual(refused('CANCELLED'));
    const second = call('locks.forceRelease', args);
    answers[1]!.resolve(true);
    expect(await second).toMatchObject({ ok: true });
    expect(calls).toHaveLength(1);
  });

  it('is not made when there is nothing to decide about', async () => {
    const { call, calls } = makeIpc({ confirm: async () => Promise.reject(new AppError('INPUT_INVALID', 'No resource.')) });
    expect(await call('locks.forceRelease', {})).toEqual(refused('INPUT_INVALID'));
    expect(calls).toEqual([]);
  });
});

describe('a call that fails', () => {
  it('tells the window nothing of a bug', async () => {
    const { call } = makeIpc({ fail: new TypeError('secret internals') });
    const answer = await call('messages.list' satisfies CallName);
    expect(answer).toEqual(refused('INTERNAL'));
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

describe('the live feed', () => {
  it('reaches a window from its first word, and ends with it', () => {
    const { listen, emit, listeners } = makeIpc();
    const contents = new FakeContents();
    listen(contents);
    emit(navigate('board'));
    expect(contents.got).toEqual([navigate('board')]);
    contents.destroy();
    expect(listeners.size).toBe(0);
  });

  it('is one feed, however often the window asks', () => {
    const { listen, emit, listeners } = makeIpc();
    const contents = new FakeContents();
    listen(contents);
    listen(contents);
    emit(navigate('board'));
    expect(listeners.size).toBe(1);
    expect(contents.got).toHaveLength(1);
  });

  it('ends when the page crashes and starts again when it listens again', () => {
    const { listen, listeners } = makeIpc();
    const contents = new FakeContents();
    listen(contents);
    contents.emit('render-process-gone');
    expect(listeners.size).toBe(0);
    listen(contents);
    expect(listeners.size).toBe(1);
  });

  it('keeps a page to show until the window listens', () => {
    const { ipc, listen } = makeIpc();
    const contents = new FakeContents();
    ipc.navigate(contents as unknown as WebContents, 'board');
    ipc.navigate(contents as unknown as WebContents, 'locks');
    expect(contents.got).toEqual([]);
    listen(contents);
    expect(contents.got).toEqual([navigate('locks')]);
    ipc.navigate(contents as unknown as WebContents, 'board');
    expect(contents.got.at(-1)).toEqual(navigate('board'));
  });

  it('ends for all windows at the end', () => {
    const { ipc, listen, listeners } = makeIpc();
    listen(new FakeContents());
    ipc.dispose();
    expect(listeners.size).toBe(0);
  });
});
