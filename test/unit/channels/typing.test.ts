import { afterEach, beforeEach, expect, test } from 'vitest';
import { FAMILY, makeChannels } from '../../support/channels/channels-rig.ts';

let rig: ReturnType<typeof makeChannels>;
beforeEach(() => {
  rig = makeChannels();
  rig.channels.start();
});
afterEach(async () => rig.close());

test('that somebody types is told again while the work goes on, and ended with it', () => {
  const { id } = rig.serve();
  rig.channels.conversations.working(id, true);
  rig.clock.advance(9000);
  expect(rig.telegram.typed).toEqual([{ jid: FAMILY, on: true }, { jid: FAMILY, on: true }, { jid: FAMILY, on: true }]);
  rig.channels.conversations.working(id, false);
  rig.clock.advance(60_000);
  expect(rig.telegram.typed.slice(3)).toEqual([{ jid: FAMILY, on: false }]);
});

test('nothing is told while the network is away, and it goes on when it is back', () => {
  const { id } = rig.serve();
  rig.telegram.become({ state: 'waiting', reason: 'no network', retryAt: 0 });
  rig.channels.conversations.working(id, true);
  expect(rig.telegram.typed).toEqual([]);
  rig.telegram.become({ state: 'connected', as: null });
  rig.clock.advance(4000);
  expect(rig.telegram.typed).toHaveLength(1);
  rig.channels.conversations.working(id, false);
});

test('a lost connection is told at once in the log and after two minutes to people, once; one that comes back is not', () => {
  rig.telegram.become({ state: 'waiting', reason: 'no network', retryAt: 0 });
  rig.telegram.become({ state: 'connecting' });
  rig.telegram.become({ state: 'waiting', reason: 'no network', retryAt: 1 });
  rig.clock.advance(119_000);
  expect(rig.downs).toEqual([]);
  rig.clock.advance(1000);
  expect(rig.downs).toEqual([{ channel: 'telegram', reason: 'no network' }]);
  expect(rig.events('channel').filter(({ action }) => action === 'waiting')).toHaveLength(1);
  rig.telegram.become({ state: 'connected', as: null });
  rig.telegram.become({ state: 'waiting', reason: 'again', retryAt: 0 });
  rig.telegram.become({ state: 'connected', as: null });
  rig.clock.advance(600_000);
  expect(rig.downs).toHaveLength(1);
});

test('a lost connection of which people know from elsewhere is told as soon as they do not any more, if it is still lost', () => {
  rig.outage.known = true;
  rig.telegram.become({ state: 'waiting', reason: 'no network', retryAt: 0 });
  rig.clock.advance(600_000);
  expect(rig.downs).toEqual([]);
  rig.outage.known = false;
  rig.clock.advance(120_000);
  expect(rig.downs).toEqual([{ channel: 'telegram', reason: 'no network' }]);
  rig.clock.advance(600_000);
  expect(rig.downs).toHaveLength(1);
});

test('what only a person can mend is told at once', () => {
  rig.telegram.become({ state: 'failed', reason: 'the token is not valid' });
  expect(rig.downs).toEqual([{ channel: 'telegram', reason: 'the token is not valid' }]);
});

test('the code of a pairing is in no log', () => {
  rig.whatsapp.become({ state: 'pairing', qr: '2@secret-of-the-pairing', code: null });
  rig.whatsapp.become({ state: 'pairing', qr: null, code: 'ABCD1234' });
  const told = JSON.stringify(rig.events('channel'));
  expect(told).toContain('waits to be paired');
  expect(told).not.toMatch(/secret-of-the-pairing|ABCD1234/);
});
