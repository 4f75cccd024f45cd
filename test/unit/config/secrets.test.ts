import { expect, it } from 'vitest';
import { loadSecrets } from '../../../main/config/secrets.ts';

it.each<[string, Readonly<Record<string, string>>]>([
  ['unset', {}],
  ['empty', { CO_BUS_KEY: '' }],
  ['a placeholder that nobody filled in', { CO_BUS_KEY: '${CO_BUS_KEY}' }],
])('has no shared key when it is %s', (_name, env) => {
  expect(loadSecrets(env)).toEqual({ busKey: null });
});

it('takes a long key without the space around it', () => {
  expect(loadSecrets({ CO_BUS_KEY: ' 0123456789abcdef\n' })).toEqual({ busKey: '0123456789abcdef' });
});

it('refuses a short key with the cure and without showing it', () => {
  const attempt = (): unknown => loadSecrets({ CO_BUS_KEY: 'hunter22' });

  expect(attempt).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('openssl rand -hex 32') }));
  expect(attempt).toThrow(/^(?!.*hunter22)/);
});

it.each(['a key of several words', 'schlüssel-mit-umlaut', '0123456789$abcdef', 'wai_sess_0123456789'])('refuses %j, which no client could send', (key) => {
  expect(() => loadSecrets({ CO_BUS_KEY: key })).toThrow(/no client could send it/);
});
