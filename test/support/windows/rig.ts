import type { Client } from '@modelcontextprotocol/client';
import { test as base, expect, type Page } from '@playwright/test';
import { requireBrowser } from '../browser.ts';
import { ask, connectV2 } from '../mcp-clients.ts';
import { makeTempDir } from '../temp-dir.ts';
import { buildWindows } from './build.ts';
import { startCore, type CoreOverrides, type TestCore } from '../start-core.ts';

/** A real MCP client in one role. */
export interface Teammate {
  readonly role: string;
  readonly use: (tool: string, args?: Record<string, unknown>) => Promise<Record<string, unknown>>;
}

/** A headless core with the built windows in a real browser. */
export interface Windows {
  readonly core: TestCore;
  readonly page: Page;
  /** Adds an agent and connects it. */
  readonly teammate: (role: string) => Promise<Teammate>;
  /** Goes to a page of the windows by its address, for example `board/3`. */
  readonly show: (route: string) => Promise<void>;
}

interface WorkerFixtures {
  /** The windows, built from what is here now. */
  readonly rendererDir: string;
}

interface Fixtures {
  /** How this file starts its core. */
  readonly coreOptions: CoreOverrides;
  readonly windows: Windows;
}

/** Playwright's `test` with a core and a window that was let in by a one-time link. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  // Playwright wants the pattern, also when nothing is taken from it.
  rendererDir: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const dir = makeTempDir('wheelhouse-windows-');
      await buildWindows(dir.path);
      await use(dir.path);
      dir.remove();
    },
    { scope: 'worker' },
  ],
  coreOptions: [{}, { option: true }],
  // oxlint-disable-next-line no-empty-pattern
  launchOptions: async ({}, use) => use(requireBrowser()),
  windows: async ({ page, coreOptions, rendererDir }, use) => {
    const core = await startCore({ rendererDir, ...coreOptions });
    const clients: Client[] = [];
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    try {
      await page.goto(core.core.uiLink());
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await use({
        core,
        page,
        async teammate(role) {
          const { token } = await core.agent(`${role.toLowerCase()}-${clients.length + 1}`, role);
          const client = await connectV2(`${core.url}/mcp`, token, 'modern');
          clients.push(client);
          return { role, use: async (tool, args = {}) => ask(client, tool, args) };
        },
        async show(route) {
          await page.evaluate(`location.hash = '#/${route}'`);
        },
      });
      expect(faults, 'errors in the page').toEqual([]);
    } finally {
      await Promise.all(clients.map(async (client) => client.close()));
      await page.close();
      await core.stop();
    }
  },
});
export { expect };
