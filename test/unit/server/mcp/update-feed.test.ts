import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../../../main/bus/types.ts';
import { touchedResources } from '../../../../main/server/mcp/resources.ts';
import { UpdateFeed } from '../../../../main/server/mcp/update-feed.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

function makeFeed() {
  const clock = new FakeClock();
  const told: string[] = [];
  return { clock, told, feed: new UpdateFeed(clock, (uri) => told.push(uri)) };
}

describe('the feed of changed resources', () => {
  test('tells the first change at once', () => {
    const { feed, told } = makeFeed();
    feed.changed('a');
    feed.changed('b');
    expect(told).toEqual(['a', 'b']);
  });

  test('tells a burst once at its start and once at its end', () => {
    const { clock, feed, told } = makeFeed();
    for (let n = 0; n < 100; n += 1) feed.changed('a');
    expect(told).toEqual(['a']);
    clock.advance(20);
    expect(told).toEqual(['a', 'a']);
    clock.advance(1000);
    expect(told).toEqual(['a', 'a']);
  });

  test('goes on telling while the changes go on, fifty times a second at most', () => {
    const { clock, feed, told } = makeFeed();
    for (let ms = 0; ms < 1000; ms += 1) {
      feed.changed('a');
      clock.advance(1);
    }
    expect(told.length).toBe(51);
  });

  test('keeps no timer when nothing changes, and none after its end', () => {
    const { clock, feed, told } = makeFeed();
    feed.changed('a');
    clock.advance(20);
    expect(clock.timers).toBe(0);
    feed.changed('a');
    feed.changed('a');
    feed.stop();
    clock.advance(100);
    expect([clock.timers, told]).toEqual([0, ['a', 'a']]);
  });
});

describe('what a line of the log changes', () => {
  const event = (fields: Partial<LogEvent>): LogEvent => ({ id: 1, ts: '', kind: 'session', action: '', role: null, subject: null, text: '', data: {}, ...fields });

  test.each([
    ['a posted message', event({ kind: 'message', action: 'posted', role: 'FE', data: { to_role: 'BE' } }), ['bus://log', 'bus://inbox/BE']],
    ['a read message', event({ kind: 'message', action: 'read', role: 'BE', data: { ids: [1] } }), ['bus://log', 'bus://inbox/BE']],
    ['a role with letters that an address cannot hold', event({ kind: 'message', action: 'posted', data: { to_role: '기획' } }), ['bus://log', 'bus://inbox/%EA%B8%B0%ED%9A%8D']],
    ['a task', event({ kind: 'task' }), ['bus://log', 'bus://tasks']],
    ['a lock', event({ kind: 'lock' }), ['bus://log', 'bus://locks']],
    ['anything else', event({}), ['bus://log']],
  ])('%s', (_what, line, uris) => {
    expect([...touchedResources([line])]).toEqual(uris);
  });
});
