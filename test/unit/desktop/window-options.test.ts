import { describe, expect, it } from 'vitest';
import { windowKey, zoomAfter } from '../../../main/desktop/window-keys.ts';
import { windowOptions } from '../../../main/desktop/window-options.ts';

const options = windowOptions({
  title: 'Wheelhouse',
  place: { bounds: { x: 1, y: 2, width: 800, height: 600 }, maximized: false },
  dark: true,
  preload: '/app/out/preload/index.cjs',
  icon: '/app/icon.png',
});

describe('a window', () => {
  it('writes every protection out', () => {
    expect(options.webPreferences).toEqual({
      preload: '/app/out/preload/index.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      disableBlinkFeatures: 'Auxclick',
      spellcheck: false,
    });
  });

  it('is hidden and has the colour of its theme until the first paint', () => {
    expect(options).toMatchObject({ show: false, backgroundColor: '#0f1114', x: 1, y: 2, width: 800, height: 600 });
  });
});

describe('keys of the window', () => {
  const press = (key: string, changes = {}) => ({ type: 'keyDown' as const, key, control: true, meta: false, alt: false, ...changes });

  it.each([
    ['+', 'zoom-in'],
    ['=', 'zoom-in'],
    ['-', 'zoom-out'],
    ['0', 'zoom-reset'],
    ['w', 'close'],
    ['Q', 'quit'],
  ] as const)('Ctrl and %s: %s', (key, does) => {
    expect(windowKey(press(key), 'linux')).toBe(does);
  });

  it('do nothing without Ctrl, with Alt, on release, for other keys, and on macOS, whose menu has them', () => {
    expect(windowKey(press('w', { control: false }), 'win32')).toBeNull();
    expect(windowKey(press('q', { alt: true }), 'win32')).toBeNull();
    expect(windowKey(press('w', { type: 'keyUp' }), 'win32')).toBeNull();
    expect(windowKey(press('x'), 'win32')).toBeNull();
    expect(windowKey(press('w'), 'darwin')).toBeNull();
  });

  it('zoom to 200 % and more, within limits', () => {
    expect(1.2 ** zoomAfter(3.5, 'zoom-in')).toBeGreaterThan(2);
    expect(zoomAfter(5, 'zoom-in')).toBe(5);
    expect(zoomAfter(-4, 'zoom-out')).toBe(-4);
    expect(zoomAfter(3, 'zoom-reset')).toBe(0);
  });
});
