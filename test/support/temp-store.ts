import { join } from 'node:path';
import { openStore } from '../../main/store/open.ts';
import type { Store } from '../../main/store/store.ts';
import type { Clock } from '../../main/base/clock.ts';
import { makeTempDir } from './temp-dir.ts';

/** A real database in a directory of its own. `close` also removes it. */
export function makeTempStore(clock: Clock): { readonly store: Store; readonly file: string; close(): void } {
  const dir = makeTempDir();
  const file = join(dir.path, 'wheelhouse.db');
  const store = openStore({
    file,
    durability: 'normal',
    clock,
    onListenerError: (error) => {
      throw error;
    },
  });
  return {
    store,
    file,
    close() {
      store.close();
      dir.remove();
    },
  };
}
