import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Each waits a third of its time.
  workers: 2,
  reporter: [['list']],
  // A trace of every test costs a sixth of the time; `--trace on` asks for it.
  use: { screenshot: 'only-on-failure' },
});
