import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backstage, type Host } from './host.ts';
import type { Shape } from './shape.ts';
import { SingleInstance } from './single-instance.ts';
import { eventWith, PreventableEvent } from './strict.ts';

/** The life of the application: ready only after its entry module has been evaluated, quit through its events. */
export class StandInApp
  extends EventEmitter
  implements
    Shape<
      Electron.App,
      'whenReady' | 'isReady' | 'quit' | 'exit' | 'isPackaged' | 'getAppPath' | 'getVersion' | 'getName' | 'getPath' | 'setPath' | 'requestSingleInstanceLock' | 'releaseSingleInstanceLock' | 'setAsDefaultProtocolClient' | 'enableSandbox' | 'getPreferredSystemLanguages'
    >
{
  readonly isPackaged: boolean;
  readonly #host: Host;
  readonly #ready = Promise.withResolvers<void>();
  readonly #package: { readonly version: string; readonly productName: string };
  readonly #paths = new Map<string, string>();
  #instance: SingleInstance | null = null;
  #quitting = false;

  constructor(host: Host) {
    super();
    this.#host = host;
    const { packaged } = host.options;
    this.isPackaged = packaged !== undefined;
    if (packaged !== undefined) Object.defineProperty(process, 'resourcesPath', { value: packaged.resourcesPath });
    this.#package = JSON.parse(readFileSync(join(host.options.appPath, 'package.json'), 'utf8')) as { version: string; productName: string };
  }

  async whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.#host.ready;
  }

  getAppPath(): string {
    return this.#host.options.appPath;
  }

  getVersion(): string {
    return this.#package.version;
  }

  getName(): string {
    return this.#package.productName;
  }

  getPreferredSystemLanguages(): string[] {
    return [...this.#host.options.preferredLanguages];
  }

  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`not in the stand-in: app.getPath('${name}') before app.setPath`);
    return path;
  }

  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`);
    this.#paths.set(name, path);
  }

  enableSandbox(): void {
    if (this.#host.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
  }

  requestSingleInstanceLock(): boolean {
    this.#instance = new SingleInstance(this.getPath('userData'));
    return this.#instance.request(({ argv, workingDirectory }) => this.emit('second-instance', eventWith('second-instance', {}), argv, workingDirectory, null));
  }

  releaseSingleInstanceLock(): void {
    this.#instance?.release();
    this.#instance = null;
  }

  setAsDefaultProtocolClient(_protocol: string): boolean {
    // Nothing on this desktop opens links.
    return true;
  }

  quit(): void {
    const before = new PreventableEvent();
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.#quitting = true;
    for (const window of this.#host.windows) window.close();
    // A window that refused to close stops the whole of it.
    if (this.#host.windows.size > 0) {
      this.#quitting = false;
      return;
    }
    const will = new PreventableEvent();
    this.emit('will-quit', will);
    if (!will.defaultPrevented) this.exit(0);
  }

  exit(exitCode = 0): void {
    this.emit('quit', eventWith('quit', {}), exitCode);
    this.#instance?.release();
    void this.#host.chromium.close().finally(() => process.exit(exitCode));
  }

  get [backstage]() {
    return {
      becomeReady: (): void => {
        this.#host.ready = true;
        this.emit('will-finish-launching');
        this.emit('ready', eventWith('ready', {}), {});
        this.#ready.resolve();
      },
      onWindowGone: (): void => {
        if (this.#quitting || this.#host.windows.size > 0) return;
        if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
        else this.quit();
      },
    };
  }
}
