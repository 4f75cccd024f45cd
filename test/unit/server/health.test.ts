import { describe, expect, test } from 'vitest';
import type { Guard } from '../../../main/access/guard.ts';
import type { KillSwitchState } from '../../../main/access/kill-switch-state.ts';
import { checkHealth } from '../../../main/server/health.ts';

const guard = (state: KillSwitchState): Guard => ({ state: () => state, assertOperational: () => undefined });
const works = { name: 'database', check: async () => undefined };
const fails = { name: 'bus', check: async () => Promise.reject(new Error('disk I/O error')) };

describe('health', () => {
  test('is ok when everything works', async () => {
    expect(await checkHealth(guard('NORMAL'), [works])).toEqual({ state: 'ok', killSwitch: 'NORMAL', dependencies: { database: 'ok' }, problems: [] });
  });

  test('is degraded and says by what when something fails', async () => {
    expect(await checkHealth(guard('NORMAL'), [works, fails])).toEqual({
      state: 'degraded',
      killSwitch: 'NORMAL',
      dependencies: { database: 'ok', bus: 'failed' },
      problems: [{ code: 'BUS_FAILED', message: 'The bus does not work: disk I/O error' }],
    });
  });

  test.each(['ACTIVATED', 'RECOVERING'] as const)('is locked while the kill switch is %s, whatever else', async (state) => {
    expect(await checkHealth(guard(state), [fails])).toMatchObject({ state: 'locked', killSwitch: state });
  });

  test('is locked when not even the kill switch can be read', async () => {
    const blind: Guard = {
      state: () => {
        throw new Error('no database');
      },
      assertOperational: () => undefined,
    };
    expect(await checkHealth(blind, [works])).toMatchObject({ state: 'locked', killSwitch: 'ACTIVATED' });
  });
});
