import { expect, it } from 'vitest';
import { isLoopbackHost } from '../../../main/base/loopback.ts';

it.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost', 'LOCALHOST'])('%s is reached from this machine only', (host) => {
  expect(isLoopbackHost(host)).toBe(true);
});

it.each(['0.0.0.0', '::', '192.168.1.4', '127.0.0.1.example.com', 'localhost.example.com', '127.evil'])('%s may be reached from elsewhere', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
