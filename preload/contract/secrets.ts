import type { Call, Nothing } from './call.ts';

/** How a secret stands, as `ANU_BOT_TOKEN`; its value is nowhere. */
export interface SecretView {
  readonly name: string;
  /** Where its value comes from; the environment goes before the file. Null: it is not set. */
  readonly from: 'environment' | 'file' | null;
  /** Whether the secret store has a value, which may be another than that of the environment. */
  readonly stored: boolean;
  /** Empty: nothing uses it. */
  readonly usedBy: readonly ('bus' | 'notices' | 'channels' | 'agents')[];
  /** When a change counts. */
  readonly effect: 'at_once' | 'next_run' | 'restart';
}

/** What windows do about secrets. */
export interface SecretCalls {
  'secrets.list': Call<Nothing, { readonly secrets: readonly SecretView[] }>;
  /** Keeps a value in the secret store; it never comes back. */
  'secrets.set': Call<{ readonly name: string; readonly secret: string }, { readonly secret: SecretView }>;
  'secrets.remove': Call<{ readonly name: string }, { readonly secret: SecretView }>;
}
