import { describe, expect, test } from 'vitest';
import { createOriginGate, type GateSettings } from '../../../main/server/origin-gate.ts';

const SETTINGS: GateSettings = { host: '127.0.0.1', port: 3100, allowedHosts: [] };

function answer(headers: Record<string, string>, settings: Partial<GateSettings> = {}): string {
  try {
    createOriginGate({ ...SETTINGS, ...settings })(new Headers(headers));
    return 'passes';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the Host header', () => {
  test.each(['127.0.0.1:3100', 'localhost:3100', 'LOCALHOST:3100', '[::1]:3100'])('%s passes', (host) => {
    expect(answer({ host })).toBe('passes');
  });

  test.each(['', '127.0.0.1', 'localhost', '127.0.0.1:3101', '127.0.0.1:31000', 'localhost.evil.example:3100', 'evil.example:3100', '127.0.0.1.nip.io:3100', '0.0.0.0:3100', '127.0.0.1:3100.evil.example'])(
    '%j is refused',
    (host) => {
      expect(answer({ host })).toBe('HOST_REFUSED');
    },
  );

  test('a missing one is refused', () => {
    expect(answer({})).toBe('HOST_REFUSED');
  });

  test('a configured name passes with and without the port, and only exactly', () => {
    const settings = { allowedHosts: ['wheelhouse.lan', 'nas:8443'] };
    expect(answer({ host: 'wheelhouse.lan' }, settings)).toBe('passes');
    expect(answer({ host: 'wheelhouse.lan:3100' }, settings)).toBe('passes');
    expect(answer({ host: 'nas:8443' }, settings)).toBe('passes');
    expect(answer({ host: 'nas' }, settings)).toBe('HOST_REFUSED');
    expect(answer({ host: 'my.wheelhouse.lan' }, settings)).toBe('HOST_REFUSED');
  });

  test('listening on every address makes no name of it', () => {
    expect(answer({ host: '0.0.0.0:3100' }, { host: '0.0.0.0' })).toBe('HOST_REFUSED');
    expect(answer({ host: '127.0.0.1:3100' }, { host: '0.0.0.0' })).toBe('passes');
    expect(answer({ host: '192.168.1.5:3100' }, { host: '192.168.1.5' })).toBe('passes');
    expect(answer({ host: '[fd00::1]:3100' }, { host: 'fd00::1' })).toBe('passes');
  });
});

describe('the Origin header', () => {
  const host = '127.0.0.1:3100';

  test('its absence and the own origin pass', () => {
    expect(answer({ host })).toBe('passes');
    expect(answer({ host, origin: 'http://127.0.0.1:3100' })).toBe('passes');
  });

  test.each(['null', '', 'http://evil.example', 'https://127.0.0.1:3100', 'http://127.0.0.1', 'http://127.0.0.1:3101', 'http://localhost:3100', 'file://', 'http://127.0.0.1:3100.evil.example'])(
    '%j is refused',
    (origin) => {
      expect(answer({ host, origin })).toBe('ORIGIN_REFUSED');
    },
  );

  test('behind a proxy the page may have come over TLS', () => {
    const settings = { allowedHosts: ['wheelhouse.lan'] };
    expect(answer({ host: 'wheelhouse.lan', origin: 'https://wheelhouse.lan' }, settings)).toBe('passes');
    expect(answer({ host: 'wheelhouse.lan', origin: 'https://evil.example' }, settings)).toBe('ORIGIN_REFUSED');
  });
});
