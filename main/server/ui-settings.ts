import { writeSettings } from '../config/write.ts';
import type { Store } from '../store/store.ts';
import type { UiSettings } from '../../preload/contract.ts';

export interface UiSettingsParts {
  readonly dataDir: string;
  /** What the start found in file and environment. */
  readonly initial: UiSettings;
  readonly store: Store;
}

/** Language and theme of the windows: changed while running, kept in config.toml. */
export class UiSettingsKeeper {
  readonly #parts: UiSettingsParts;
  #current: UiSettings;

  constructor(parts: UiSettingsParts) {
    this.#parts = parts;
    this.#current = parts.initial;
  }

  get current(): UiSettings {
    return this.#current;
  }

  /** Writes the file first; rejects with CONFIG_INVALID when config.toml is wrong. The line in the log tells the windows. */
  async change(changes: Partial<UiSettings>): Promise<UiSettings> {
    if (Object.keys(changes).length === 0) return this.#current;
    const { dataDir, store } = this.#parts;
    await writeSettings(dataDir, { ui: changes });
    this.#current = { ...this.#current, ...changes };
    const told = Object.entries(changes).map(([key, value]) => `${key} = ${value}`);
    store.transact((tx) => tx.event({ kind: 'settings', action: 'changed', text: `Settings changed: ${told.join(', ')}`, data: changes }));
    return this.#current;
  }
}
