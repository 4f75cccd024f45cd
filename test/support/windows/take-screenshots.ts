/**
 * Takes the pictures of docs/images from the windows over a fixed team and a fixed clock:
 * `node test/support/windows/take-screenshots.ts [folder [name …]]`; all pictures when none is named.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { requireBrowser } from '../browser.ts';
import { demoChatHistory, demoOwners, demoRunOutput, demoSnapshot } from '../renderer-fixture.ts';
import { demoSchedule } from '../schedule-fixture.ts';
import { makeTempDir } from '../temp-dir.ts';
import { buildWindows } from './build.ts';
import { smallPng } from './small-png.ts';

const OUT = resolve(process.argv[2] ?? join(import.meta.dirname, '../../../docs/images'));
const NOW = new Date('2026-11-20T15:04:12+09:00');
/** The name of each picture, and the address of what it shows. */
const PICTURES = {
  overview: 'overview',
  activity: 'activity/1052',
  board: 'board/5',
  'kill-switch': 'kill-switch',
  completions: 'completions/21',
  notifications: 'notifications/6',
  sessions: 'sessions/019a9f3e-51c2-7d0a-9b1e-000000000013',
  approvals: 'approvals',
  owners: 'owners/agent-3',
  chat: 'chat/group-family',
  channels: 'channels/whatsapp',
  agents: 'agents/group-family',
  schedule: 'schedule/task-news',
} as const;
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
/** Nothing is listening there: every request is answered from the build. */
const ORIGIN = 'https://wheelhouse.test';

async function take(browser: Browser, dir: string, name: keyof typeof PICTURES, locale: 'en' | 'ko', theme: 'light' | 'dark'): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: 1_200, height: 760 },
    colorScheme: theme,
    locale: locale === 'ko' ? 'ko-KR' : 'en-US',
    timezoneId: 'Asia/Seoul',
    reducedMotion: 'reduce',
  });
  await page.clock.setFixedTime(NOW);
  await page.route(`${ORIGIN}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    const file = join(dir, path === '/' ? 'index.html' : path);
    if (existsSync(file)) await route.fulfill({ body: readFileSync(file), contentType: TYPES[extname(file)] ?? 'text/plain' });
    else await route.fulfill({ status: 404 });
  });
  const now = NOW.getTime();
  const schedule = demoSchedule(locale, now);
  const fixture = {
    snapshot: { ...demoSnapshot(locale, now), schedule: schedule.tasks },
    history: 0,
    owners: demoOwners(),
    chat: demoChatHistory(locale, now),
    output: demoRunOutput(locale, now),
    schedule,
  };
  await page.addInitScript(`window.fixture = ${JSON.stringify(fixture)}`);
  await page.addInitScript({ path: join(import.meta.dirname, 'fake-bridge.js') });
  await page.goto(`${ORIGIN}/#/${PICTURES[name]}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (PICTURES[name].includes('/')) await page.getByRole('complementary').waitFor();
  await page.evaluate('document.fonts.ready');
  writeFileSync(join(OUT, `${name}-${locale}-${theme}.png`), smallPng(await page.screenshot()));
  await page.close();
}

const dir = makeTempDir('wheelhouse-pictures-');
await buildWindows(dir.path);
const browser = await chromium.launch(requireBrowser());
const wanted = process.argv.slice(3);
for (const name of Object.keys(PICTURES) as (keyof typeof PICTURES)[]) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const locale of ['en', 'ko'] as const) {
    for (const theme of ['light', 'dark'] as const) await take(browser, dir.path, name, locale, theme);
  }
}
await browser.close();
dir.remove();
