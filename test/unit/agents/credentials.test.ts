import { expect, it } from 'vitest';
import { credentialsFor } from '../../../main/agents/credentials.ts';
import { SCHEMA } from '../../../main/config/schema.ts';

it('SEC-05: a run gets only names of the allowlist, whatever else there is', () => {
  const secrets = new Map([['ANTHROPIC_API_KEY', 'key'], ['DATABASE_URL', 'postgres://secret'], ['CO_BUS_KEY', 'other']]);
  expect(credentialsFor({ allowed: SCHEMA.agents.credentials.default, secrets: { get: (name) => secrets.get(name) ?? null } })).toEqual({ ANTHROPIC_API_KEY: 'key' });
});

it('secrets that cannot be read stop the run instead of sending it off without its key', () => {
  const secrets = {
    get: () => {
      throw new Error('cannot be read');
    },
  };
  expect(() => credentialsFor({ allowed: ['A'], secrets })).toThrow('cannot be read');
});
