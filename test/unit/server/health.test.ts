import { describe, expect, test } from 'vitest';
import type { Guard } from '../../../main/access/guard.ts';
import type { KillSwitchState } from '../../../main/access/kill-switch-state.ts';
import { checkHealth } from '../../../main/server/health.ts';

const since = { activatedAt: '2026-11-20T09:00:00.000Z', reason: 'drill' };
const nothing = { activatedAt: null, reason: null };
const guard = (state: KillSwitchState): Guard => ({ state: () => state, since: () => (state === 'NORMAL' ? nothing : since), assertOperational: () => undefined });
const works = { name: 'database', check: async () => undefined };
const fails = { name: 'bus', check: async () => Promise.reject(new Error('disk I/O error')) };

describe('health', () => {
  test('is ok when everything works', async () => {
    expect(await checkHealth(guard('NORMAL'), [works])).toEqual({ state: 'ok', killSwitch: 'NORMAL', ...nothing, dependencies: { database: 'ok' }, problems: [] });
  });

  test('is degraded and says by what when something fails', async () => {
    expect(await checkHealth(guard('NORMAL'), [works, fails])).toEqual({
      state: 'degraded',
      killSwitch: 'NORMAL',
      ...nothing,
      dependencies: { database: 'ok', bus: 'failed' },
      problems: [{ code: 'BUS_FAILED', message: 'The bus does not work: disk I/O error' }],
    });
  });

  test.each(['ACTIVATED', 'RECOVERING'] as const)('is locked while the kill switch is %s, whatever else', async (state) => {
    expect(await checkHealth(guard(state), [fails])).toMatchObject({ state: 'locked', killSwitch: state, ...since });
  });

  test('is locked when not even the kill switch can be read', async () => {
    const blind: Guard = {
      state: () => {
        throw new Error('no database');
      },
      since: () => since,
      assertOperational: () => undefined,
    };
    expect(await checkHealth(blind, [works])).toMatchObject({ state: 'locked', killSwitch: 'ACTIVATED', ...nothing });
  });
});
