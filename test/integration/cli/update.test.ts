import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UpdatesView } from '../../../preload/contract.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { startUpdateFeed, type UpdateFeed } from '../../support/update-feed.ts';

describe('wheelhouse update check', () => {
  let feed: UpdateFeed;
  let rig: CliRig;
  beforeEach(async () => (feed = await startUpdateFeed('7.0.0')));
  afterEach(async () => {
    await rig.close();
    await feed.close();
  });
  const start = async (env: NodeJS.ProcessEnv = { WAIAAS_UPDATES_FEED: feed.url }) => {
    rig = makeCliRig({ env });
    return rig.startCore();
  };

  it('tells the owner of a core without a desktop what is there and where, and raises one notice of it', async () => {
    const core = await start();
    const { exit, out } = await rig.run('update', 'check');
    expect([exit, out]).toEqual([0, expect.stringContaining(`Version 7.0.0 is at ${feed.url}.\nA core without a desktop does not replace itself`) as string]);
    await rig.run('update', 'check');
    const { notices } = await core.call('notices.list', {});
    expect(notices.filter(({ type }) => type === 'UPDATE_READY')).toMatchObject([{ texts: { en: { summary: 'Wheelhouse 7.0.0' } } }]);
    await expect(core.call('updates.restart', {})).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is as content with a feed that has nothing newer, in words and for programs', async () => {
    await start();
    feed.publish('0.0.1');
    expect((await rig.run('update', 'check')).out).toContain(`${feed.url} has nothing newer.`);
    expect(await rig.json<UpdatesView>('update', 'check')).toMatchObject({ state: 'current', latest: null, feed: feed.url, obstacle: 'headless', problem: null });
  });

  it('ends with 1 and says why when the feed cannot be used, or there is none', async () => {
    await start();
    feed.faults = { text: 'nothing of the kind' };
    expect(await rig.run('update', 'check')).toMatchObject({ exit: 1, out: expect.stringContaining('cannot be used') as string });
    await rig.close();
    await start({});
    expect(await rig.run('update', 'check')).toMatchObject({ exit: 1, out: expect.stringContaining('[updates] feed is empty') as string });
    expect(feed.requests).toHaveLength(1);
  });

  it('needs a running core', async () => {
    rig = makeCliRig();
    expect((await rig.run('update', 'check')).exit).toBe(3);
  });

  it('a feed over an open line is a fault of the configuration', async () => {
    rig = makeCliRig({ env: { WAIAAS_UPDATES_FEED: 'http://updates.example.org/' } });
    await expect(rig.startCore()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('an https address') as string });
  });
});
