import { isIP } from 'node:net';
import { PERSON, type PasswordSource } from '../access/password-lockout.ts';
import type { Access } from './routes.ts';

/**
 * Whose wrong passwords are counted together. Programs of this machine choose among 16 million loopback addresses, and
 * whoever has one IPv6 address usually has its whole /64.
 */
export function passwordSource(remote: string): PasswordSource {
  const address = remote.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (address === '::1' || address.startsWith('127.')) return { kind: 'remote', name: 'a program on this machine' };
  return { kind: 'remote', name: isIP(address) === 6 ? `${network(address)}::/64` : address };
}

/** The command line has the key of this user's own directory; a window in a browser may be anywhere. */
export function callerSource(access: Access & { readonly class: 'ui' }): PasswordSource {
  return access.source === 'cli' ? PERSON : { kind: 'remote', name: access.payer };
}

/** The first four groups of an IPv6 address. */
function network(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const middle = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...middle, ...last].slice(0, 4).join(':').toLowerCase();
}
