import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../main/base/log.ts';
import { MainWindow, type MainWindowDelegate } from '../../../main/desktop/main-window.ts';

const BOUNDS = { x: 10, y: 20, width: 900, height: 700 };

class FakeContents extends EventEmitter {
  static lastId = 0;
  readonly id = (FakeContents.lastId += 1);
  reloads = 0;
  reload(): void {
    this.reloads += 1;
  }
}

/** A window that does what it is told, and nothing by itself. */
class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly did: string[] = [];
  destroyed = false;
  minimized = false;

  async loadURL(): Promise<void> {
    this.did.push('load');
  }
  show(): void {
    this.did.push('show');
    this.emit('show');
  }
  focus(): void {
    this.did.push('focus');
  }
  minimize(): void {
    this.minimized = true;
  }
  restore(): void {
    this.minimized = false;
  }
  maximize(): void {
    this.did.push('maximize');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getNormalBounds(): typeof BOUNDS {
    return BOUNDS;
  }
  /** The person closes the window; true when it stays for now. */
  closeByPerson(): boolean {
    let kept = false;
    this.emit('close', { preventDefault: () => (kept = true) });
    return kept;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('closed');
  }
}

function makeWindow(overrides: Partial<MainWindowDelegate> & { readonly platform?: NodeJS.Platform; readonly maximized?: boolean } = {}) {
  const made: FakeWindow[] = [];
  const told: unknown[] = [];
  const main = new MainWindow({
    platform: overrides.platform ?? 'win32',
    log: silentLog(),
    url: 'wheelhouse://app/index.html',
    create: () => {
      made.push(new FakeWindow());
      return made.at(-1) as unknown as BrowserWindow;
    },
    delegate: {
      options: () => ({ place: { bounds: BOUNDS, maximized: overrides.maximized ?? false } }),
      remember: (place) => told.push(['remember', place]),
      trayPresent: async () => true,
      onClosed: (to) => told.push(['closed to', to]),
      quitting: () => false,
      quit: () => told.push('quit'),
      onSessionEnd: () => told.push('session end'),
      ...overrides,
    },
  });
  return { main, made, told };
}

/** Lets everything run that only waits for promises and the next turn. */
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('opening', () => {
  it('shows the window when its page is painted, and not before', () => {
    const { main, made } = makeWindow();
    main.show();
    main.show();
    expect(made).toHaveLength(1);
    expect(made[0]!.did).toEqual(['load']);
    made[0]!.emit('ready-to-show');
    expect(made[0]!.did).toEqual(['load', 'show', 'focus']);
  });

  it('does not wait for a painted frame on Linux, which may never come on Wayland', () => {
    const { main, made } = makeWindow({ platform: 'linux' });
    main.show();
    made[0]!.webContents.emit('did-finish-load');
    expect(made[0]!.did).toEqual(['load', 'show', 'focus']);
  });

  it('brings an open window to the front, out of the taskbar too', () => {
    const { main, made } = makeWindow();
    main.show();
    made[0]!.emit('ready-to-show');
    made[0]!.minimize();
    main.show();
    expect(made[0]!.minimized).toBe(false);
    expect(made[0]!.did.slice(-2)).toEqual(['show', 'focus']);
  });

  it('opens maximised when it was', () => {
    const { main, made } = makeWindow({ maximized: true });
    main.show();
    made[0]!.emit('ready-to-show');
    expect(made[0]!.did).toContain('maximize');
  });

  it('knows its own contents and no others', () => {
    const { main, made } = makeWindow();
    const { id } = main.show();
    expect([main.roleOf(id), main.roleOf(id + 1)]).toEqual(['main', null]);
    made[0]!.destroy();
    expect(main.roleOf(id)).toBeNull();
  });
});

describe('closing', () => {
  it('remembers the place, destroys the window and tells where it went', async () => {
    const { main, made, told } = makeWindow();
    main.show();
    expect(made[0]!.closeByPerson()).toBe(true);
    await settle();
    expect(made[0]!.destroyed).toBe(true);
    expect(told).toEqual([['remember', { bounds: BOUNDS, maximized: false }], ['closed to', 'tray']]);
  });

  it('keeps the window when it is wanted again before it is away', async () => {
    const tray = Promise.withResolvers<boolean>();
    const { main, made, told } = makeWindow({ trayPresent: async () => tray.promise });
    main.show();
    made[0]!.closeByPerson();
    main.show();
    tray.resolve(true);
    await settle();
    expect(made).toHaveLength(1);
    expect(made[0]!.destroyed).toBe(false);
    expect(told).not.toContainEqual(['closed to', 'tray']);
  });

  it('puts it away once, however often it is closed meanwhile', async () => {
    const { main, made, told } = makeWindow();
    main.show();
    made[0]!.closeByPerson();
    made[0]!.closeByPerson();
    await settle();
    expect(told.filter((entry) => JSON.stringify(entry).includes('closed to'))).toHaveLength(1);
  });

  it('only minimises where there is no tray', async () => {
    const { main, made, told } = makeWindow({ trayPresent: async () => false });
    main.show();
    made[0]!.closeByPerson();
    await settle();
    expect([made[0]!.destroyed, made[0]!.minimized]).toEqual([false, true]);
    expect(told).toContainEqual(['closed to', 'taskbar']);
  });

  it('is for good when the application quits', () => {
    const { main, made } = makeWindow({ quitting: () => true });
    main.show();
    expect(made[0]!.closeByPerson()).toBe(false);
  });

  it('passes the end of the session on', () => {
    const { main, made, told } = makeWindow();
    main.show();
    made[0]!.emit('session-end');
    expect(told).toContain('session end');
  });
});

describe('a page that crashes', () => {
  const crash = (window: FakeWindow, reason = 'crashed'): boolean => window.webContents.emit('render-process-gone', {}, { reason, exitCode: 5 });

  it('is loaded again once and then given up', async () => {
    const { main, made } = makeWindow();
    main.show();
    crash(made[0]!);
    await settle();
    expect([made[0]!.webContents.reloads, made[0]!.destroyed]).toEqual([1, false]);
    crash(made[0]!);
    await settle();
    expect([made[0]!.webContents.reloads, made[0]!.destroyed]).toEqual([1, true]);
  });

  it('gets its second chance back with the next window', async () => {
    const { main, made } = makeWindow();
    main.show();
    crash(made[0]!);
    crash(made[0]!);
    await settle();
    main.show();
    crash(made[1]!);
    await settle();
    expect([made[1]!.webContents.reloads, made[1]!.destroyed]).toEqual([1, false]);
  });

  it('is left alone when it ended as it should', async () => {
    const { main, made } = makeWindow();
    main.show();
    crash(made[0]!, 'clean-exit');
    await settle();
    expect(made[0]!.webContents.reloads).toBe(0);
  });
});
