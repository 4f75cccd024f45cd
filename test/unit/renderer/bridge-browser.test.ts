import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../../preload/contract.ts';
import { createBrowserBridge, reconnectDelayMs } from '../../../renderer/bridge-browser.ts';
import { snapshot } from './samples.ts';

/** A WebSocket whose other end is the test. */
class Line extends EventTarget {
  closed = false;
  open(): void {
    this.dispatchEvent(new Event('open'));
  }
  tell(event: LiveEvent): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }
  drop(): void {
    this.dispatchEvent(new Event('close'));
  }
  close(): void {
    this.closed = true;
    this.drop();
  }
}

function rig(answer: () => Promise<Response> = async () => Response.json({ ok: true, result: {} })) {
  const lines: Line[] = [];
  const waits: { readonly delayMs: number; run: () => void; cancelled: boolean }[] = [];
  const requests: { readonly url: string; readonly init: RequestInit | undefined }[] = [];
  const bridge = createBrowserBridge({
    origin: 'http://127.0.0.1:3100',
    fetch: (async (url: string, init?: RequestInit) => {
      requests.push({ url, init });
      return answer();
    }) as typeof fetch,
    openSocket: () => {
      const line = new Line();
      lines.push(line);
      return line as unknown as WebSocket;
    },
    later: (delayMs, run) => {
      const wait = { delayMs, run, cancelled: false };
      waits.push(wait);
      return () => {
        wait.cancelled = true;
      };
    },
    random: () => 0.5,
  });
  const states: string[] = [];
  bridge.watchConnection((state) => states.push(state));
  const heard: LiveEvent[] = [];
  const stop = bridge.listen((event) => heard.push(event));
  const connect = (at = lines.length - 1): void => {
    lines[at]?.open();
    lines[at]?.tell({ type: 'snapshot', snapshot: snapshot() });
  };
  return { bridge, lines, waits, requests, states, heard, stop, connect };
}

/** Lets promises that are already settled run on. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

describe('a call from a browser', () => {
  it('is a POST with the cookie of this origin', async () => {
    const { bridge, requests } = rig();
    await bridge.call('tasks.claim', { task_id: 4 });
    expect(requests[0]).toMatchObject({
      url: 'http://127.0.0.1:3100/v1/call/tasks.claim',
      init: { method: 'POST', credentials: 'same-origin', body: '{"task_id":4}' },
    });
  });

  it('hands on what the core refused', async () => {
    const error = { code: 'VERSION_CONFLICT', message: 'changed', details: {}, retryable: true };
    const { bridge } = rig(async () => Response.json({ error }, { status: 409 }));
    expect(await bridge.call('snapshot.get', {})).toEqual({ ok: false, error });
  });

  it('is answered when nobody is there, and when the answer makes no sense', async () => {
    const away = rig(async () => Promise.reject(new TypeError('fetch failed')));
    expect(await away.bridge.call('snapshot.get', {})).toMatchObject({ ok: false, error: { code: 'NOT_RUNNING', retryable: true } });
    const strange = rig(async () => new Response('<html>'));
    expect(await strange.bridge.call('snapshot.get', {})).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
  });

  it('finds out that the sign-in has ended', async () => {
    const { bridge, states } = rig(async () => Response.json({ error: { code: 'AUTH_TOKEN_INVALID', message: '', details: {}, retryable: false } }, { status: 401 }));
    await bridge.call('snapshot.get', {});
    expect(states.at(-1)).toBe('signed-out');
  });

  it('stays signed in when a password is wrong', async () => {
    const { bridge, states } = rig(async () => Response.json({ error: { code: 'INVALID_MASTER_PASSWORD', message: '', details: {}, retryable: false } }, { status: 401 }));
    const answer = await bridge.call('killSwitch.recover', { master_password: 'not this one' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'INVALID_MASTER_PASSWORD' } });
    expect(states).not.toContain('signed-out');
  });
});

describe('the live connection', () => {
  it('is live with the snapshot', () => {
    const { states, heard, connect } = rig();
    connect();
    expect(states).toEqual(['connecting', 'live']);
    expect(heard[0]?.type).toBe('snapshot');
  });

  it('comes back by itself, waiting longer each time, and is live again with a fresh snapshot', async () => {
    const { lines, waits, states, connect } = rig(async () => Promise.reject(new TypeError('fetch failed')));
    connect();
    lines[0]?.drop();
    for (let i = 0; i < 3; i += 1) {
      waits.at(-1)?.run();
      lines.at(-1)?.drop();
      await settled();
    }
    const delays = waits.map(({ delayMs }) => delayMs);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(states.at(-1)).toBe('reconnecting');
    waits.at(-1)?.run();
    connect();
    expect(states.at(-1)).toBe('live');
    lines.at(-1)?.drop();
    expect(waits.at(-1)?.delayMs).toBe(delays[0]);
  });

  it('asks with a call whether a refused connection means that the sign-in has ended', async () => {
    const { lines, waits, states } = rig(async () => Response.json({ error: {} }, { status: 401 }));
    lines[0]?.drop();
    await settled();
    expect(states.at(-1)).toBe('signed-out');
    expect(waits).toEqual([]);
  });

  it('ends with its last listener', () => {
    const { lines, waits, stop, connect } = rig();
    connect();
    stop();
    expect(lines[0]?.closed).toBe(true);
    expect(waits).toEqual([]);
  });
});

it('spreads the tries of many windows and caps the wait', () => {
  expect([0, 1, 2, 3].map((attempt) => reconnectDelayMs(attempt, 0))).toEqual([125, 250, 500, 1_000]);
  expect(reconnectDelayMs(0, 0.999)).toBe(250);
  expect(reconnectDelayMs(50, 0.5)).toBe(7_500);
});
