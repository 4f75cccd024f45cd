import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { createLog, silentLog, type ProcessLog } from '../../../main/base/log.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
let log: ProcessLog;
beforeEach(() => {
  dir = makeTempDir();
  log = createLog({ level: 'info', dir: dir.path, maxSizeMb: 1, maxFiles: 3 });
});
afterEach(() => {
  log.close();
  dir.remove();
});

function written(): string {
  return readFileSync(join(dir.path, 'wheelhouse.log'), 'utf-8');
}

function lines(): readonly Record<string, unknown>[] {
  return written()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes lines with level, time, room and fields', () => {
  log.child({ room: 'bus' }).warn({ task: 12 }, 'task was taken');

  expect(lines()).toEqual([expect.objectContaining({ level: 'warn', room: 'bus', task: 12, msg: 'task was taken', time: expect.stringMatching(/^\d{4}-.*Z$/) })]);
});

it('leaves out what is less important than the level', () => {
  log.debug('detail');
  log.info('news');

  expect(lines().map((line) => line['msg'])).toEqual(['news']);
});

it('is private to the user', () => {
  log.info('news');

  expect(statSync(join(dir.path, 'wheelhouse.log')).mode & 0o777).toBe(0o600);
});

describe('secrets never reach the file', () => {
  const secret = 'S3cr3t-value';
  const token = `wai_sess_eyJhbGciOi.eyJpc3MiOi-_x.${secret}`;

  it.each<[string, (target: ProcessLog) => void]>([
    ['a token in the message', (target) => target.info(`got ${token}`)],
    ['a token in a field', (target) => target.info({ note: `see ${token}.` }, 'x')],
    ['a token in an error', (target) => target.error({ err: new Error(`bad ${token}`) }, 'x')],
    ['a token in the cause of an error', (target) => target.error({ err: new Error('x', { cause: new Error(token) }) }, 'x')],
    ['the details of an error', (target) => target.error({ err: new AppError('CONFLICT', 'x', { busKey: secret }) }, 'x')],
    ['a header', (target) => target.info({ req: { headers: { Authorization: secret, cookie: secret } } }, 'x')],
    ['a bearer in the message', (target) => target.info(`sent Authorization: Bearer ${secret}`)],
    ['the token of a bot in an address', (target) => target.error({ err: new Error(`https://api.telegram.org/bot12345:${secret}/getMe`) }, 'x')],
    ['the address of a webhook', (target) => target.info(`to https://discord.com/api/webhooks/12/${secret}`)],
    ['a link with a ticket', (target) => target.info(`open http://127.0.0.1:3100/ui?ticket=${secret}`)],
    ['fields of many names', (target) => target.info({ token: secret, accessToken: secret, password: secret, client_secret: secret, api_key: secret, nonce: secret }, 'x')],
    ['a list', (target) => target.info({ tokens: [secret, { deeper: [{ password: secret }] }] }, 'x')],
    ['the fields of a child', (target) => target.child({ token: secret }).info('x')],
    ['bytes', (target) => target.info({ body: Buffer.from(secret) }, 'x')],
  ])('%s', (_name, write) => {
    write(log);

    expect(written()).toContain('"msg"');
    expect(written()).not.toContain(secret);
  });

  it('what the process knows as a secret, whatever it looks like and wherever it stands', () => {
    const careful = createLog({ level: 'info', dir: dir.path, maxSizeMb: 1, maxFiles: 3, hide: (line) => line.replaceAll(secret, '***') });
    careful.child({ note: secret }).error({ err: new Error(`said ${secret}`), list: [{ deep: secret }] }, `and ${secret}`);
    careful.close();

    expect(written()).not.toContain(secret);
    expect(lines()).toHaveLength(1);
  });

  it('keeps what only looks similar', () => {
    log.info({ key: 'bus.roles', max_tokens: 12, hasToken: false, resource: 'nginx-conf' }, 'x');

    expect(lines()[0]).toMatchObject({ key: 'bus.roles', max_tokens: 12, hasToken: false, resource: 'nginx-conf' });
  });

  it('ends a circle', () => {
    const circle: Record<string, unknown> = { name: 'loop' };
    circle['self'] = circle;

    log.info({ circle }, 'x');

    expect(lines()).toHaveLength(1);
  });
});

it('begins a new file at the size limit and keeps as many as asked', () => {
  const filler = 'x'.repeat(300_000);
  for (let number = 0; number < 16; number += 1) log.info({ number, filler }, 'line');

  expect(readdirSync(dir.path).sort()).toEqual(['wheelhouse.1.log', 'wheelhouse.2.log', 'wheelhouse.log']);
  for (const name of readdirSync(dir.path)) expect(statSync(join(dir.path, name)).size).toBeLessThanOrEqual(1024 * 1024);
  const numbers = ['wheelhouse.2.log', 'wheelhouse.1.log', 'wheelhouse.log'].flatMap((name) =>
    readFileSync(join(dir.path, name), 'utf-8').trimEnd().split('\n').map((line) => (JSON.parse(line) as { number: number }).number),
  );
  expect(numbers).toEqual(numbers.map((_, index) => 16 - numbers.length + index));
});

it('lets the program go on when its folder cannot be written', () => {
  const late = createLog({ level: 'info', dir: join(dir.path, 'missing'), maxSizeMb: 1, maxFiles: 2 });

  expect(() => late.info('lost')).not.toThrow();
  late.close();
});

it('says nothing when silent', () => {
  const quiet = silentLog();

  expect(() => quiet.child({ room: 'x' }).error({ err: new Error('x') }, 'x')).not.toThrow();
});
