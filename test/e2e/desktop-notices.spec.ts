import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { realElectronDriver } from '../support/electron/drivers/real-electron.ts';
import { standInDriver } from '../support/electron/drivers/stand-in.ts';
import { startDesktop, type DesktopRig } from '../support/electron/rig.ts';

for (const driver of [standInDriver, realElectronDriver]) {
  if (driver.unavailable !== null) {
    test(`notices of the desktop on ${driver.name}: ${driver.unavailable}`, () => test.skip(true, driver.unavailable!));
    continue;
  }
  test.describe(`notices of the desktop on ${driver.name}`, () => {
    let rig: DesktopRig;
    test.beforeEach(async () => {
      rig = await startDesktop(driver, { args: ['--hidden'] });
      await rig.core();
      mkdirSync(join(rig.dataDir, 'events'), { recursive: true });
    });
    test.afterEach(async () => rig.dispose());

    const finish = (task: string): void => writeFileSync(join(rig.dataDir, 'events', `${task}.done`), 'All tests pass');
    const notices = async () => (await rig.app.state()).notifications;

    test('a completion appears with its button, and the button acknowledges it for real', async () => {
      finish('task-1');
      await expect.poll(notices).toContainEqual({ title: 'task-1 done', body: 'All tests pass', buttons: ['Acknowledge'] });
      await rig.app.clickNotice('task-1 done', 'Acknowledge');
      const core = await rig.core();
      await expect.poll(async () => (await core.call('completions.list', {})).completions[0]?.state).toBe('acked');
    });

    test('a click beside the buttons opens the page that shows more, and decides nothing', async () => {
      finish('task-2');
      await rig.app.clickNotice('task-2 done', null);
      const page = await rig.app.page();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Completions');
      const core = await rig.core();
      expect((await core.call('completions.list', {})).completions[0]?.state).not.toBe('acked');
    });
  });
}
