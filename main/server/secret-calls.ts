import { z } from 'zod';
import type { SecretStanding } from '../config/secret-store.ts';
import type { SecretView } from '../../preload/contract.ts';
import type { CallDefinitions } from './calls.ts';

/** What windows and command line use of the secret store. */
export interface SecretRooms {
  list(): readonly SecretStanding[];
  set(name: string, value: string): Promise<SecretStanding>;
  remove(name: string): Promise<SecretStanding>;
}

type SecretCallName = Extract<keyof CallDefinitions, `secrets.${string}`>;

const NOTHING = z.strictObject({});
// What is wrong with them the store says; neither message may repeat what was sent.
const name = z.string({ error: 'name must be text' }).max(200, { error: 'name must be at most 200 characters' });
const secret = z.string({ error: 'secret must be text' });
const SET = z.strictObject({ name, secret });
const REMOVE = z.strictObject({ name });

/** Setting and removing secrets. A value goes in and never comes out; `secret` is also what the log masks by name. */
export function secretCalls(secrets: SecretRooms): Pick<CallDefinitions, SecretCallName> {
  return {
    'secrets.list': { by: 'window', args: NOTHING, run: () => ({ secrets: secrets.list().map(secretView) }) },
    'secrets.set': { by: 'window', args: SET, run: async (args) => ({ secret: secretView(await secrets.set(args.name, args.secret)) }) },
    'secrets.remove': { by: 'window', args: REMOVE, run: async (args) => ({ secret: secretView(await secrets.remove(args.name)) }) },
  };
}

/** A secret as windows and the command line see it. */
export function secretView({ name: of, from, stored, usedBy, effect }: SecretStanding): SecretView {
  return { name: of, from, stored, usedBy, effect };
}
