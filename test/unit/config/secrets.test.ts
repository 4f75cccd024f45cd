import { expect, it } from 'vitest';
import { loadSecrets } from '../../../main/config/secrets.ts';
import { BOT_TOKEN } from '../../support/telegram-api.ts';

it.each<[string, Readonly<Record<string, string>>]>([
  ['unset', {}],
  ['empty', { CO_BUS_KEY: '' }],
  ['a placeholder that nobody filled in', { CO_BUS_KEY: '${CO_BUS_KEY}' }],
])('has no shared key when it is %s', (_name, env) => {
  expect(loadSecrets(env).busKey).toBeNull();
});

it('takes a long key without the space around it', () => {
  expect(loadSecrets({ CO_BUS_KEY: ' 0123456789abcdef\n' })).toMatchObject({ busKey: '0123456789abcdef' });
});

it('refuses a short key with the cure and without showing it', () => {
  const attempt = (): unknown => loadSecrets({ CO_BUS_KEY: 'hunter22' });

  expect(attempt).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('openssl rand -hex 32') }));
  expect(attempt).toThrow(/^(?!.*hunter22)/);
});

it.each(['a key of several words', 'schlüssel-mit-umlaut', '0123456789$abcdef', 'wai_sess_0123456789'])('refuses %j, which no client could send', (key) => {
  expect(() => loadSecrets({ CO_BUS_KEY: key })).toThrow(/no client could send it/);
});

it('takes the secrets of the channels for notices, and none that is only a placeholder', () => {
  const env = { ANU_BOT_TOKEN: ` ${BOT_TOKEN}`, DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/1/secret-part', NTFY_TOKEN: '${NTFY_TOKEN}' };
  expect(loadSecrets(env)).toEqual({ busKey: null, botToken: BOT_TOKEN, discordWebhook: 'https://discord.com/api/webhooks/1/secret-part', ntfyToken: null });
});

it.each([
  ['ANU_BOT_TOKEN', 'bot-hunter22'],
  ['DISCORD_WEBHOOK_URL', 'hunter22'],
])('refuses a %s that cannot be one, without showing it', (name, value) => {
  const attempt = (): unknown => loadSecrets({ [name]: value });
  expect(attempt).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(name) }));
  expect(attempt).toThrow(/^(?!.*hunter22)/);
});
