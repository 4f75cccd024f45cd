import { z } from 'zod';
import type { CallDefinitions } from './calls.ts';
import type { ImportState } from './cli-calls.ts';
import { text } from './input-fields.ts';

/** Imports of older installations, one at a time. */
export interface Imports {
  /** Throws CONFLICT while one is under way. */
  begin(dir: string, dryRun: boolean): void;
  /** Resolves when it ended, or after a second. Rejects with what went wrong in it. */
  wait(): Promise<ImportState>;
  stop(): Promise<void>;
}

const BEGIN = z.strictObject({ dir: text('dir', 4096), apply: z.boolean({ error: 'apply must be true or false' }).optional() });
const NOTHING = z.strictObject({});

/** An import takes as long as it takes, so it is begun, asked about, and stopped by calls of their own. */
export function importCalls(imports: Imports): Pick<CallDefinitions, 'import.begin' | 'import.wait' | 'import.stop'> {
  return {
    'import.begin': {
      by: 'cli',
      args: BEGIN,
      run: ({ dir, apply = false }) => {
        imports.begin(dir, !apply);
        return { begun: true };
      },
    },
    'import.wait': { by: 'cli', args: NOTHING, run: async () => imports.wait() },
    'import.stop': {
      by: 'cli',
      args: NOTHING,
      run: async () => {
        await imports.stop();
        return { stopped: true };
      },
    },
  };
}
