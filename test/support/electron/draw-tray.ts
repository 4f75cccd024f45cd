/**
 * Draws docs/images/tray-menu-*.png: the icon, tooltip and menu that the application gave the stand-in while agents
 * work, in a plain style of its own. `npm run build`, then `node test/support/electron/draw-tray.ts`.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Locale } from '../../../preload/contract.ts';
import { findChromium } from '../setup/parts.ts';
import { CHECKOUT } from './drivers/machine.ts';
import { poll } from './drivers/poll.ts';
import { standInDriver } from './drivers/stand-in.ts';
import { startDesktop } from './rig.ts';
import type { MenuItemRecord, TrayRecord } from './state.ts';

const IMAGES = join(CHECKOUT, 'docs/images');
const CAPTION: Readonly<Record<Locale, string>> = {
  en: 'Drawn from the menu that Wheelhouse hands to the system',
  ko: 'Wheelhouse가 시스템에 전달한 메뉴를 그린 그림',
};

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const row = ({ type, label, enabled }: MenuItemRecord): string => (type === 'separator' ? '<hr>' : `<li${enabled ? '' : ' class="note"'}>${escape(label)}</li>`);

function html(tray: TrayRecord, locale: Locale): string {
  // The largest size of the same picture, so that it stays sharp on paper.
  const icon = readFileSync(join(CHECKOUT, tray.image.replace(/-\d+\.png$/, '-48.png'))).toString('base64');
  return `<!doctype html><html lang="${locale}"><style>
    body { margin: 0; width: 470px; background: #cfd8e6; font: 13px/1.5 system-ui, 'Noto Sans', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif; color: #191d24; }
    .panel { display: flex; justify-content: flex-end; align-items: center; gap: 14px; height: 32px; padding: 0 14px; background: #1b1d21; color: #e7e9ed; font-variant-numeric: tabular-nums; }
    .panel img { width: 24px; height: 24px; padding: 2px 6px; border-radius: 6px; background: #3a3f49; }
    .tip { margin: 8px 20px 0 0; white-space: nowrap; float: right; clear: both; padding: 3px 10px; border-radius: 5px; background: #2a2e35; color: #fff; font-size: 12px; }
    ul { float: right; clear: both; margin: 8px 20px 16px; padding: 5px 0; min-width: 250px; list-style: none; background: #fff; border: 1px solid #b7c0cd; border-radius: 8px; box-shadow: 0 6px 20px #0003; }
    li { padding: 3px 16px; } .note { color: #5d6675; } hr { margin: 5px 0; border: 0; border-top: 1px solid #e5e8ec; }
    footer { clear: both; padding: 0 20px 12px; text-align: right; color: #4a5362; font-size: 11px; }
  </style><div class="panel"><img src="data:image/png;base64,${icon}"><span>09:41</span></div>
  <div class="tip">${escape(tray.toolTip)}</div><ul>${tray.menu.map(row).join('')}</ul><footer>${CAPTION[locale]}</footer>`;
}

const desktop = await startDesktop(standInDriver, { args: ['--hidden'] });
const browser = await chromium.launch({ executablePath: findChromium()!, chromiumSandbox: process.getuid?.() !== 0 });
try {
  const backend = await desktop.agent('Ada', 'BE');
  await backend.use('acquire_lock', { resource: 'schema', intent: 'adding a column' });
  const { task_id: taskId } = await backend.use('create_task', { title: 'Add the column', assignee_role: 'BE' });
  await backend.use('claim_task', { task_id: taskId });
  await backend.use('post_message', { to_role: 'Producer', body: 'Which name shall the column have?' });
  const core = await desktop.core();
  const page = await browser.newPage({ viewport: { width: 470, height: 420 }, deviceScaleFactor: 2 });
  mkdirSync(IMAGES, { recursive: true });
  for (const [language, mark] of [['en', 'needs you'], ['ko', '확인할 일']] as const) {
    await core.call('settings.set', { language });
    const tray = await poll(`the tray in ${language}`, async () => {
      const shown = (await desktop.app.state()).tray;
      return shown?.menu[0]?.label.includes(mark) && shown.menu[2]?.id === 'locks-held' ? shown : null;
    });
    await page.setContent(html(tray, language));
    await page.locator('body').screenshot({ path: join(IMAGES, `tray-menu-${language}.png`) });
  }
} finally {
  await browser.close();
  await desktop.dispose();
}
