import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingPart } from '../../support/setup/parts.ts';
import { startRedis } from '../../support/setup/redis.ts';

describe.skipIf(missingPart('redis') !== null)('a Redis server of the test alone', () => {
  it('answers PING, keeps a value, and is gone after stop', async () => {
    const redis = await startRedis();
    try {
      expect(await redis.command('PING')).toBe('+PONG\r\n');
      expect(await redis.command('SET', '키', '값')).toBe('+OK\r\n');
      expect(await redis.command('GET', '키')).toBe('$3\r\n값\r\n');
    } finally {
      await redis.stop();
    }
    expect(existsSync(redis.socketPath)).toBe(false);
    expect(() => process.kill(redis.pid, 0)).toThrow(/ESRCH/);
  });

  it('shares nothing with another one', async () => {
    const [one, other] = await Promise.all([startRedis(), startRedis()]);
    try {
      await one.command('SET', 'who', 'one');
      expect(await other.command('GET', 'who')).toBe('$-1\r\n');
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });
});
