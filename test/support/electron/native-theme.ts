import { EventEmitter } from 'node:events';
import { backstage, type Host } from './host.ts';
import type { Shape } from './shape.ts';

/** Light or dark, by the system and by the application's own choice. */
export class StandInNativeTheme extends EventEmitter implements Shape<Electron.NativeTheme, 'themeSource' | 'shouldUseDarkColors'> {
  readonly #host: Host;
  #source: Electron.NativeTheme['themeSource'] = 'system';
  #systemDark = false;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  get themeSource(): Electron.NativeTheme['themeSource'] {
    return this.#source;
  }

  set themeSource(source: Electron.NativeTheme['themeSource']) {
    this.#change(() => {
      this.#source = source;
    });
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#systemDark : this.#source === 'dark';
  }

  get [backstage]() {
    const colorScheme: 'dark' | 'light' = this.shouldUseDarkColors ? 'dark' : 'light';
    return {
      colorScheme,
      /** The person changes the system's setting. */
      setSystem: (dark: boolean): void =>
        this.#change(() => {
          this.#systemDark = dark;
        }),
    };
  }

  #change(apply: () => void): void {
    const before = this.shouldUseDarkColors;
    apply();
    if (this.shouldUseDarkColors === before) return;
    for (const contents of this.#host.contents) contents[backstage].applyTheme();
    this.emit('updated');
  }
}
