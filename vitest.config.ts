import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { INTERVAL_MS, PATIENCE_MS } from './test/support/patience.ts';

const WAITING = { poll: { timeout: PATIENCE_MS, interval: INTERVAL_MS } };

export default defineConfig({
  test: {
    // Most of these tests wait for processes, not for the processor.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    projects: [
      // Timeouts only end what hangs: they leave room for a machine that has other work.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'node', testTimeout: 90_000, hookTimeout: 60_000, expect: WAITING } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          expect: WAITING,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'torture',
          include: ['test/torture/**/*.test.ts'],
          environment: 'node',
          expect: WAITING,
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        // `npm run test:image`: builds the image of the agents, which takes minutes and the network.
        test: { name: 'image', include: ['test/image/**/*.test.ts'], environment: 'node', expect: WAITING, testTimeout: 180_000, hookTimeout: 30 * 60_000 },
      },
    ],
  },
});
