import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { silentLog } from '../../../main/base/log.ts';
import { feedFile, type Offer } from '../../../main/updates/feed.ts';
import type { Obstacle } from '../../../main/updates/types.ts';
import { Updates, type Updater, type UpdatesParts } from '../../../main/updates/updates.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempStore } from '../../support/temp-store.ts';
import { startUpdateFeed, type UpdateFeed } from '../../support/update-feed.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A desktop whose downloads a test decides about. */
class ScriptedUpdater implements Updater {
  readonly obstacle: Obstacle | null;
  readonly downloads: Offer[] = [];
  /** What the tray shows. */
  restartTo: string | null = null;
  restarts = 0;
  answer: (signal: AbortSignal) => Promise<void> = async () => undefined;

  constructor(obstacle: Obstacle | null = null) {
    this.obstacle = obstacle;
  }

  async download(offer: Offer, signal: AbortSignal): Promise<void> {
    this.downloads.push(offer);
    return this.answer(signal);
  }

  offerRestart(version: string | null): void {
    this.restartTo = version;
  }

  restart(): void {
    this.restarts += 1;
  }
}

describe('looking for updates', () => {
  let feed: UpdateFeed;
  let clock: FakeClock;
  let temp: ReturnType<typeof makeTempStore>;
  let told: string[];
  const opened: Updates[] = [];

  beforeEach(async () => {
    clock = new FakeClock();
    temp = makeTempStore(clock);
    told = [];
    feed = await startUpdateFeed('1.4.0');
  });
  afterEach(async () => {
    for (const updates of opened.splice(0)) await updates.stop();
    await feed.close();
    temp.close();
  });

  const open = (updater: Updater | null, more: Partial<UpdatesParts> = {}): Updates => {
    const updates = new Updates({
      store: temp.store,
      clock,
      log: silentLog(),
      version: '1.3.9',
      platform: process.platform,
      arch: process.arch,
      feed: feed.url,
      everyHours: 24,
      updater,
      announce: (_tx, version) => void told.push(version),
      ...more,
    });
    opened.push(updates);
    return updates;
  };
  const lookAndSettle = async (updates: Updates) => {
    await updates.look();
    await updates.idle();
    return updates.status;
  };

  it('asks nobody without a feed, at no time and not when told to', async () => {
    const updates = open(null, { feed: '' });
    updates.start();
    expect(clock.timers).toBe(0);
    expect(await updates.look()).toMatchObject({ state: 'off', feed: null, lookedAt: null, problem: null });
    expect(feed.requests).toEqual([]);
  });

  it('begins a minute after the start and goes on at the configured times', async () => {
    const updates = open(null, { everyHours: 6 });
    updates.start();
    clock.advance(MINUTE_MS - 1);
    await updates.idle();
    expect(feed.requests).toHaveLength(0);
    clock.advance(1);
    await updates.idle();
    expect(feed.requests).toHaveLength(1);
    clock.advance(6 * HOUR_MS - 1);
    await updates.idle();
    expect(feed.requests).toHaveLength(1);
    clock.advance(1);
    await updates.idle();
    expect(feed.requests).toHaveLength(2);
  });

  it('tells nothing of this installation to the feed', async () => {
    await open(null).look();
    const [{ headers }] = feed.requests as [UpdateFeed['requests'][0]];
    expect(headers['user-agent']).toBe('Wheelhouse');
    expect(JSON.stringify(feed.requests)).not.toContain('1.3.9');
  });

  it('tells once of a newer version that only the person can install, over restarts, and of each further one', async () => {
    const first = open(null);
    expect(await first.look()).toMatchObject({ state: 'available', version: '1.3.9', latest: '1.4.0', obstacle: 'headless', lookedAt: clock.now(), problem: null });
    await first.look();
    await open(null).look();
    expect(told).toEqual(['1.4.0']);
    feed.publish('1.5.0');
    await open(new ScriptedUpdater('package')).look();
    expect(told).toEqual(['1.4.0', '1.5.0']);
  });

  it.each(['development', 'package', 'read-only'] as const)('never downloads where %s forbids it', async (obstacle) => {
    const updater = new ScriptedUpdater(obstacle);
    expect(await lookAndSettle(open(updater))).toMatchObject({ state: 'available', latest: '1.4.0', obstacle });
    expect([updater.downloads, updater.restartTo, told]).toEqual([[], null, ['1.4.0']]);
  });

  it.each(['1.3.9', '1.3.8', '1.3.9-rc.1', '0.9.0'])('takes %s in the feed for nothing newer', async (version) => {
    feed.publish(version);
    const updater = new ScriptedUpdater();
    expect(await lookAndSettle(open(updater))).toMatchObject({ state: 'current', latest: null, problem: null });
    expect([updater.downloads, told]).toEqual([[], []]);
  });

  it('has a newer version downloaded, and tells of it only when it is ready', async () => {
    const updater = new ScriptedUpdater();
    const done = Promise.withResolvers<void>();
    updater.answer = async () => done.promise;
    const updates = open(updater);
    expect(await updates.look()).toMatchObject({ state: 'downloading', latest: '1.4.0' });
    expect([told, updater.restartTo]).toEqual([[], null]);
    expect(() => updates.restart()).toThrow(AppError);
    await updates.look();
    done.resolve();
    await updates.idle();
    expect(updates.status).toMatchObject({ state: 'ready', latest: '1.4.0', problem: null });
    expect([told, updater.restartTo, updater.downloads.length]).toEqual([['1.4.0'], '1.4.0', 1]);
    updates.restart();
    expect(updater.restarts).toBe(1);
  });

  it('downloads nothing again that is ready, but a version that came after it', async () => {
    const updater = new ScriptedUpdater();
    const updates = open(updater);
    await lookAndSettle(updates);
    await lookAndSettle(updates);
    expect(updater.downloads).toHaveLength(1);
    feed.publish('1.5.0');
    await lookAndSettle(updates);
    expect([updater.downloads.map(({ version }) => version), updater.restartTo, told]).toEqual([['1.4.0', '1.5.0'], '1.5.0', ['1.4.0', '1.5.0']]);
  });

  it('takes an offer back that the feed withdraws', async () => {
    const updater = new ScriptedUpdater();
    const updates = open(updater);
    await lookAndSettle(updates);
    feed.publish('1.3.9');
    expect(await lookAndSettle(updates)).toMatchObject({ state: 'current', latest: null });
    expect(updater.restartTo).toBeNull();
    expect(() => updates.restart()).toThrow(expect.objectContaining({ code: 'CONFLICT' }) as Error);
  });

  it('keeps what is ready when the feed does not answer later', async () => {
    const updater = new ScriptedUpdater();
    const updates = open(updater);
    await lookAndSettle(updates);
    feed.faults = { status: 503 };
    expect(await lookAndSettle(updates)).toMatchObject({ state: 'ready', latest: '1.4.0', problem: { code: 'UPDATE_FEED_UNREACHABLE' } });
    expect(updater.restartTo).toBe('1.4.0');
  });

  it('comes back to a failed download later and later, says why until it succeeds, and tells nobody', async () => {
    const updater = new ScriptedUpdater();
    updater.answer = async () => Promise.reject(new AppError('UPDATE_CHECKSUM', 'not what was promised'));
    const updates = open(updater);
    await lookAndSettle(updates);
    const waits: number[] = [];
    for (let tries = 1; tries < 9; tries += 1) {
      expect(updates.status).toMatchObject({ state: 'available', problem: { code: 'UPDATE_CHECKSUM', message: 'not what was promised' } });
      const from = clock.now();
      while (updater.downloads.length === tries) {
        clock.advance(MINUTE_MS);
        await updates.idle();
      }
      waits.push((clock.now() - from) / MINUTE_MS);
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1440]);
    expect([told, updater.restartTo]).toEqual([[], null]);
    updater.answer = async () => undefined;
    expect(await lookAndSettle(updates)).toMatchObject({ state: 'ready', problem: null });
    expect(told).toEqual(['1.4.0']);
  });

  it('gives up what is under way when it stops, and says nothing of that', async () => {
    const updater = new ScriptedUpdater();
    updater.answer = async (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
      });
    const updates = open(updater);
    await updates.look();
    await updates.stop();
    expect(updates.status.problem).toBeNull();
    expect(clock.timers).toBe(0);
  });

  it.each([
    ['a page', { text: '<!doctype html><h1>Soon</h1>' }, 'UPDATE_FEED_INVALID', /the whole/],
    ['far too much', { text: `# ${'x'.repeat(300_000)}\n` }, 'UPDATE_FEED_INVALID', /larger than 256 KiB/],
    ['a failure', { status: 500 }, 'UPDATE_FEED_UNREACHABLE', /HTTP 500/],
    ['nothing there', { status: 404 }, 'UPDATE_FEED_UNREACHABLE', /HTTP 404/],
  ] as const)('names what is wrong with a feed that answers with %s, and looks again in a quarter of an hour', async (_what, faults, code, why) => {
    feed.faults = faults;
    const updates = open(null);
    expect(await updates.look()).toMatchObject({ state: 'unknown', latest: null, problem: { code, message: expect.stringMatching(why) as string } });
    feed.faults = {};
    clock.advance(15 * MINUTE_MS);
    await updates.idle();
    expect(updates.status).toMatchObject({ state: 'available', problem: null });
  });

  it('names the connection that a feed refuses', async () => {
    await feed.close();
    expect((await open(null).look()).problem).toMatchObject({ code: 'UPDATE_FEED_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') as string });
    feed = await startUpdateFeed('1.4.0');
  });

  it('follows a feed that moved, as long as nobody on the way can change it', async () => {
    const other = await startUpdateFeed('1.6.0');
    const moved = `${other.url}/${feedFile(process.platform, process.arch)}`;
    feed.faults = { redirect: moved };
    expect(await open(null).look()).toMatchObject({ latest: '1.6.0', problem: null });
    // Leads to this machine as well, but by a name that others could answer to.
    feed.faults = { redirect: moved.replace('127.0.0.1', '0.0.0.0') };
    expect((await open(null).look()).problem).toMatchObject({ code: 'UPDATE_FEED_INVALID', message: expect.stringContaining('http://0.0.0.0, which is not encrypted') as string });
    await other.close();
  });
});
