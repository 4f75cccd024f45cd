import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../main/base/log.ts';
import { textsIn } from '../../../main/desktop/texts.ts';
import { trayIconFile, type TrayIconQuery } from '../../../main/desktop/tray-icons.ts';
import { trayModel, type TrayAction, type TrayModel, type TrayState } from '../../../main/desktop/tray-model.ts';
import { TrayIcon } from '../../../main/desktop/tray.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeFacts } from '../../support/shell-facts.ts';

const model = (...status: Parameters<typeof makeFacts>): TrayModel => trayModel(makeFacts(...status), textsIn('en'), 'en', 0);

/** A tray that remembers what it was told, on any system. */
class FakeTray extends EventEmitter {
  readonly told: string[] = [];
  menu: MenuItemConstructorOptions[] | null = null;
  popped: MenuItemConstructorOptions[] | null = null;
  #destroyed = false;

  setImage(image: unknown): void {
    this.told.push(`image ${String(image)}`);
  }
  setToolTip(text: string): void {
    this.told.push(`tooltip ${text}`);
  }
  setTitle(text: string): void {
    this.told.push(`title ${text}`);
  }
  setIgnoreDoubleClickEvents(): void {
    this.told.push('no double clicks');
  }
  setContextMenu(menu: MenuItemConstructorOptions[]): void {
    this.menu = menu;
  }
  popUpContextMenu(menu: MenuItemConstructorOptions[]): void {
    this.popped = menu;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  destroy(): void {
    this.#destroyed = true;
  }
}

function makeTray(platform: NodeJS.Platform, first = model()) {
  const clock = new FakeClock();
  const tray = new FakeTray();
  const actions: TrayAction[] = [];
  const system = { dark: true };
  const icon = new TrayIcon(
    {
      platform,
      clock,
      log: silentLog(),
      createTray: () => tray as unknown as Tray,
      buildMenu: (template) => template as unknown as Menu,
      image: (query) => trayIconFile(query) as unknown as NativeImage,
      darkTaskbar: () => system.dark,
      scale: () => 1,
      onAction: (action) => actions.push(action),
    },
    first,
  );
  const click = (id: string): void => {
    const item = tray.menu!.find((entry) => entry.id === id)!;
    (item.click as () => void)();
  };
  return { clock, tray, icon, actions, system, click };
}

describe('the tray icon', () => {
  it('shows its model at once, and the same model again not at all', () => {
    const { tray, icon, clock } = makeTray('linux');
    expect(tray.told).toEqual([`image ${join('linux', 'idle-22.png')}`, 'tooltip Wheelhouse · Nothing is running']);
    clock.advance(1000);
    icon.show(model());
    expect(tray.told).toHaveLength(2);
  });

  it('draws at most every 200 ms, and then the newest', () => {
    const { tray, icon, clock } = makeTray('linux');
    tray.told.length = 0;
    icon.show(model({ working: 1 }));
    icon.show(model({ needsYou: 1 }));
    icon.show(model({ needsYou: 2 }));
    clock.advance(199);
    expect(tray.told).toEqual([]);
    clock.advance(1);
    expect(tray.told[0]).toBe(`image ${join('linux', 'needs-you-2-22.png')}`);
    expect(tray.told).toHaveLength(2);
  });

  it('draws nothing when the model is back before the next drawing', () => {
    const { tray, icon, clock } = makeTray('linux');
    tray.told.length = 0;
    icon.show(model({ working: 1 }));
    icon.show(model());
    clock.advance(1000);
    expect(tray.told).toEqual([]);
  });

  it('draws nothing after it was taken away', () => {
    const { tray, icon, clock } = makeTray('linux');
    tray.told.length = 0;
    icon.show(model({ working: 1 }));
    icon.dispose();
    icon.dispose();
    clock.advance(1000);
    expect(tray.told).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('hands the verbs of its menu on', () => {
    const { click, actions } = makeTray('linux');
    click('messages');
    click('copy-mcp-address');
    click('quit');
    expect(actions).toEqual([{ do: 'open', page: 'messages' }, { do: 'copy-mcp-address' }, { do: 'quit' }]);
  });

  it('shows ampersands as they are', () => {
    const problems = [{ code: 'X', message: 'R&D' }];
    const { tray } = makeTray('linux', model({ state: 'degraded', problems }));
    expect(tray.menu!.find((entry) => entry.id === 'problem-1')!.label).toBe('⚠ R&&D');
  });
});

describe('the rules of each system', () => {
  it('on Linux set the whole menu again after every change, and a click opens', () => {
    const { tray, icon, clock, actions } = makeTray('linux');
    const before = tray.menu;
    clock.advance(200);
    icon.show(model({ working: 1 }));
    expect(tray.menu).not.toBe(before);
    tray.emit('click');
    expect(actions).toEqual([{ do: 'open', page: null }]);
  });

  it('on Windows a left click opens and only a right click shows the menu', () => {
    const { tray, actions } = makeTray('win32');
    expect(tray.menu).toBeNull();
    tray.emit('click');
    expect(actions).toEqual([{ do: 'open', page: null }]);
    tray.emit('right-click');
    expect(tray.popped).toContainEqual(expect.objectContaining({ id: 'quit' }));
  });

  it('on Windows follow the colour of the taskbar', () => {
    const { tray, icon, clock, system } = makeTray('win32');
    clock.advance(200);
    system.dark = false;
    icon.refresh();
    expect(tray.told).toContain(`image ${join('windows', 'light', 'idle.ico')}`);
  });

  it('on macOS the system opens the menu, and the count stands beside the icon', () => {
    const { tray, actions } = makeTray('darwin', model({ needsYou: 3 }));
    expect(tray.told).toEqual(['no double clicks', `image ${join('mac', 'needs-youTemplate.png')}`, 'tooltip Wheelhouse · 3 things need you', 'title 3']);
    tray.emit('click');
    expect(actions).toEqual([]);
  });
});

describe('the files of the icons', () => {
  const folder = join(import.meta.dirname, '../../../resources/icons/tray');
  const states: readonly TrayState[] = ['idle', 'working', 'needs-you', 'locked', 'error'];
  const queries = states.flatMap((state) =>
    [1, 9, 10].flatMap((count) =>
      (['linux', 'win32', 'darwin'] as const).flatMap((platform) =>
        [1, 1.25, 1.5, 2, 3].flatMap((scale) => [true, false].map((darkTaskbar): TrayIconQuery => ({ platform, state, count, scale, darkTaskbar }))),
      ),
    ),
  );

  it('exist for every state on every system', () => {
    const missing = queries.map(trayIconFile).filter((file) => !existsSync(join(folder, file)));
    expect(missing).toEqual([]);
  });

  it('have a sharp twin for each template of macOS', () => {
    for (const state of states) expect(existsSync(join(folder, 'mac', `${state}Template@2x.png`))).toBe(true);
  });

  it('get larger with the scale of the displays, and count to nine', () => {
    const linux = (scale: number, count: number): string => trayIconFile({ platform: 'linux', state: 'needs-you', count, scale, darkTaskbar: true });
    expect([1, 1.1, 1.5, 2].map((scale) => linux(scale, 4))).toEqual([22, 24, 32, 48].map((size) => join('linux', `needs-you-4-${size}.png`)));
    expect(linux(1, 10)).toBe(join('linux', 'needs-you-many-22.png'));
  });
});
