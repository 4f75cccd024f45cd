import { z } from 'zod';
import { iso } from '../base/clock.ts';
import type { Updates, UpdatesStatus } from '../updates/updates.ts';
import type { UpdatesView } from '../../preload/contract.ts';
import type { CallDefinitions } from './calls.ts';

export type UpdateCallParts = Pick<Updates, 'status' | 'look' | 'restart'>;

type UpdateCallName = Extract<keyof CallDefinitions, `updates.${string}`>;

const NOTHING = z.strictObject({});

/** What the person sees of updates, and does about them. */
export function updateCalls(updates: UpdateCallParts): Pick<CallDefinitions, UpdateCallName> {
  return {
    'updates.get': { by: 'window', args: NOTHING, run: () => updatesView(updates.status) },
    'updates.check': { by: 'window', args: NOTHING, run: async () => updatesView(await updates.look()) },
    'updates.restart': {
      by: 'window',
      args: NOTHING,
      run: () => {
        updates.restart();
        return {};
      },
    },
  };
}

function updatesView({ lookedAt, ...status }: UpdatesStatus): UpdatesView {
  return { ...status, lookedAt: lookedAt === null ? null : iso(lookedAt) };
}
