import { describe, expect, test } from 'vitest';
import { OpenStreams } from '../../../../main/server/mcp/open-streams.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** A stream that the test feeds, guarded for `principal`. */
function open(streams: OpenStreams, principal: string, expiresAt: number | null = null) {
  const seen = { cancelled: false, ended: 0 };
  let feed!: ReadableStreamDefaultController<Uint8Array>;
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      feed = controller;
    },
    cancel: () => {
      seen.cancelled = true;
    },
  });
  const headers = { 'content-type': 'text/event-stream' };
  const response = streams.guard(new Response(source, { headers }), principal, expiresAt, () => (seen.ended += 1));
  return { response, seen, send: (text: string) => feed.enqueue(new TextEncoder().encode(text)), finish: () => feed.close() };
}

describe('open streams', () => {
  test('pass everything on and end when their source ends', async () => {
    const streams = new OpenStreams(new FakeClock());
    const { response, seen, send, finish } = open(streams, 'a');
    expect(streams.size).toBe(1);
    send('one ');
    send('two');
    finish();
    expect([await response.text(), response.headers.get('content-type')]).toEqual(['one two', 'text/event-stream']);
    expect([streams.size, seen]).toEqual([0, { cancelled: false, ended: 1 }]);
  });

  test('are cut for the one who lost the right to hear them', async () => {
    const streams = new OpenStreams(new FakeClock());
    const [a, b] = [open(streams, 'a'), open(streams, 'b')];
    a.send('so far');
    streams.cut('a');
    streams.cut('a');
    streams.cut('nobody');
    await a.response.body!.getReader().closed.catch(() => {});
    expect([streams.size, a.seen, b.seen]).toEqual([1, { cancelled: true, ended: 1 }, { cancelled: false, ended: 0 }]);
    b.finish();
    expect(await b.response.text()).toBe('');
  });

  test('are cut when the token expires, also after the machine slept', async () => {
    const clock = new FakeClock();
    const streams = new OpenStreams(clock);
    const { response, seen } = open(streams, 'a', clock.now() + 3_600_000);
    clock.jump(3_600_000);
    clock.advance(30_000);
    expect([await response.text(), seen, clock.timers]).toEqual(['', { cancelled: true, ended: 1 }, 0]);
  });

  test('let go of their source when the client leaves', async () => {
    const clock = new FakeClock();
    const streams = new OpenStreams(clock);
    const { response, seen } = open(streams, 'a', clock.now() + 1000);
    await response.body!.cancel();
    expect([streams.size, seen, clock.timers]).toEqual([0, { cancelled: true, ended: 1 }, 0]);
  });
});
