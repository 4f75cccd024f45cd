import { EventEmitter } from 'node:events';
import type { App, Session } from 'electron';
import { describe, expect, it } from 'vitest';
import { lockDownPages, lockDownSession, permissionGranted } from '../../../main/desktop/lock-down.ts';
import { watchPower } from '../../../main/desktop/power.ts';
import { silentLog } from '../../../main/base/log.ts';

type OpenHandler = (details: { readonly url: string }) => { readonly action: string };

class FakeContents extends EventEmitter {
  openHandler: OpenHandler | null = null;
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }
}

describe('any page, of whatever window', () => {
  const app = new EventEmitter();
  const lines: string[] = [];
  lockDownPages(app as unknown as App, { ...silentLog(), warn: (...line: unknown[]) => void lines.push(JSON.stringify(line)) });
  const contents = new FakeContents();
  app.emit('web-contents-created', {}, contents);

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('has its %s prevented', (name) => {
    let prevented = false;
    contents.emit(name, { url: 'https://example.com/', preventDefault: () => (prevented = true) });
    expect(prevented).toBe(true);
  });

  it('opens no window', () => {
    expect(contents.openHandler!({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
  });

  it('leaves no path or query in the log', () => {
    contents.openHandler!({ url: 'https://example.com/private?token=abc' });
    expect(lines.at(-1)).toContain('https://example.com');
    expect(lines.join()).not.toMatch(/private|abc/);
  });
});

describe('permissions', () => {
  it.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'fullscreen', 'openExternal', 'hid', 'usb'])('%s is denied', (permission) => {
    expect(permissionGranted(permission, 'wheelhouse://app/index.html')).toBe(false);
  });

  it('writing to the clipboard is granted to our pages only', () => {
    expect(permissionGranted('clipboard-sanitized-write', 'wheelhouse://app/')).toBe(true);
    expect(permissionGranted('clipboard-sanitized-write', 'https://app/')).toBe(false);
    expect(permissionGranted('clipboard-sanitized-write', '')).toBe(false);
  });
});


it('the session denies by every handler that Electron has', async () => {
  const handlers: Record<string, (...args: never[]) => unknown> = {};
  const session = new Proxy({}, { get: (_target, name: string) => (handler: () => unknown) => void (handlers[name] = handler) });
  lockDownSession(session as Session);
  expect(handlers['setPermissionRequestHandler']).toBeTypeOf('function');
  const granted = await new Promise((resolve) => {
    const ask = handlers['setPermissionRequestHandler'] as (...args: unknown[]) => void;
    ask({}, 'media', resolve, { requestingUrl: 'wheelhouse://app/index.html' });
  });
  expect(granted).toBe(false);
  expect((handlers['setPermissionCheckHandler'] as (...args: unknown[]) => unknown)({}, 'media', 'wheelhouse://app/')).toBe(false);
  expect(handlers['setDevicePermissionHandler']!()).toBe(false);
  const streams = await new Promise((resolve) => (handlers['setDisplayMediaRequestHandler'] as (...args: unknown[]) => void)({}, resolve));
  expect(streams).toBeNull();
});

it('waking up makes the core look at its deadlines', () => {
  const power = new EventEmitter();
  let resumed = 0;
  watchPower(power as never, { resume: () => (resumed += 1) }, silentLog());
  power.emit('suspend');
  expect(resumed).toBe(0);
  power.emit('resume');
  expect(resumed).toBe(1);
});
