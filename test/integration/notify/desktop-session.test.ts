import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NotifySend } from '../../../main/notify/transports/system-desktop.ts';
import { startDesktopSession, type DesktopSession, type ShownNotice } from '../../support/desktop-session.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { api, lockOwner } from '../../support/session-api.ts';
import { missingPart } from '../../support/setup/parts.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { until } from '../../support/until.ts';

const missing = missingPart('notices');

describe.skipIf(missing !== null)('a Linux desktop without the tray, by notify-send and D-Bus', () => {
  let desktop: DesktopSession;
  let notices: NotifySend;
  let clock: FakeClock;
  let rig: TestCore;
  beforeEach(async () => {
    desktop = await startDesktopSession();
    notices = new NotifySend(desktop.env);
    clock = new FakeClock();
    rig = await startCore({ clock, desktopNotices: notices, config: { notify: { desktop: true }, ui: { language: 'ko' } } });
  });
  afterEach(async () => {
    await rig.stop();
    notices.close();
    await desktop.close();
  });

  const shown = async (title: string): Promise<ShownNotice> =>
    until(() => {
        clock.advance(500);
        return desktop.shown.find((notice) => notice.title === title);
      });
  /** A session whose owner is asked about its renewal. */
  const renewed = async () => {
    const { sessionId, token, agentId } = await rig.agent('fe-1', 'FE', 3600);
    lockOwner(rig.dataDir, agentId);
    clock.advance(2_160_000);
    expect((await api(rig, 'PUT', `/v1/sessions/${sessionId}/renew`, token)).status).toBe(200);
    return { sessionId, notice: await shown('세션 갱신됨') };
  };
  const sessionState = async () => (await rig.call('sessions.list', {})).sessions[0]!.state;
  const renewalState = async () => (await rig.call('renewals.list', {})).renewals[0]!.state;

  test('shows a renewal with its two buttons, in Korean', async () => {
    const { notice } = await renewed();
    expect(notice).toMatchObject({ app: 'Wheelhouse', body: 'fe-1 (1/30)', actions: { keep: '유지', reject: '거부하기' } });
  });

  test('the button Reject revokes the session for real', async () => {
    const { notice } = await renewed();
    expect(await sessionState()).toBe('live');
    desktop.press(notice, 'reject');
    await expect.poll(sessionState).toBe('revoked');
    expect(await renewalState()).toBe('rejected');
    await shown('세션 갱신 거부됨');
  });

  test('the button Keep records that the person has seen it', async () => {
    const { notice } = await renewed();
    desktop.press(notice, 'keep');
    await expect.poll(renewalState).toBe('kept');
    expect(await sessionState()).toBe('live');
  });

  test('the button Acknowledge acks a completion for real; markup in its text stays text', async () => {
    writeFileSync(join(rig.dataDir, 'events', 'task-897.1.done'), '<b>41</b> tests & no failure');
    const notice = await shown('task-897.1 완료');
    expect(notice).toMatchObject({ actions: { ack: '확인' }, body: '&lt;b&gt;41&lt;/b&gt; tests &amp; no failure' });
    desktop.press(notice, 'ack');
    const acked = async () => (await rig.call('completions.list', {})).completions[0]?.ackedAt ?? null;
    await expect.poll(acked).not.toBeNull();
  });

  test('a critical notice is urgent', async () => {
    await rig.call('killSwitch.activate', { reason: 'they run wild' });
    const notice = await shown('킬 스위치 켜짐');
    expect(notice).toMatchObject({ urgency: 2, actions: {} });
  });

  test('a desktop that is gone is a failure with its reason, and the notice waits', async () => {
    await desktop.close();
    await rig.call('killSwitch.activate', { reason: 'test' });
    const said = async () => {
      clock.advance(500);
      return (await rig.call('notices.list', {})).notices[0]?.deliveries[0];
    };
    await expect.poll(said).toMatchObject({ channel: 'desktop', state: 'retry' });
    expect((await said())!.reason).not.toBeNull();
    desktop = await startDesktopSession();
  });
});

test('without a session, or without notify-send, the desktop says why it cannot be used', () => {
  expect(new NotifySend({ PATH: '/nowhere' }).unavailable()).toContain('libnotify-bin');
  if (missing === null) expect(new NotifySend({ PATH: process.env['PATH'] }).unavailable()).toBe('there is no desktop session here.');
});
