import { describe, expect, test } from 'vitest';
import { callerSource, passwordSource } from '../../../main/server/password-source.ts';

const nameOf = (remote: string): string => {
  const source = passwordSource(remote);
  return source.kind === 'remote' ? source.name : source.kind;
};

describe('wrong passwords', () => {
  test.each(['127.0.0.1', '127.0.0.2', '127.255.1.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.8.8.8'])('from %s count for all programs on this machine', (remote) => {
    expect(nameOf(remote)).toBe('a program on this machine');
  });

  test.each([
    ['192.168.1.7', '192.168.1.7'],
    ['::ffff:192.168.1.7', '192.168.1.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('from %s count for %s', (remote, name) => {
    expect(nameOf(remote)).toBe(name);
  });

  test('of a window in a browser count for that window, those of the command line for nobody', () => {
    expect(callerSource({ class: 'ui', source: 'window', payer: 'window ab12' })).toEqual({ kind: 'remote', name: 'window ab12' });
    expect(callerSource({ class: 'ui', source: 'cli', payer: 'command line' })).toEqual({ kind: 'person' });
  });
});
