import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { SecretPrompt } from './secret-prompt.ts';
import { count } from './text.ts';

/** `wheelhouse master-password set`: the first one. */
export async function masterPasswordSet(context: CommandContext): Promise<number> {
  return withPrompt(context, async (secrets) => {
    const password = await secrets.askNew('New master password');
    const answer = await (await context.core('offline')).call('masterPassword.set', { password });
    context.output.result(answer, 'The master password is set. Keep it where you find it in a hurry: recovering from the kill switch takes it.');
  });
}

/** `wheelhouse master-password change`. */
export async function masterPasswordChange(context: CommandContext): Promise<number> {
  return withPrompt(context, async (secrets) => {
    const current = await secrets.ask('Present master password');
    const password = await secrets.askNew('New master password');
    const answer = await (await context.core('offline')).call('masterPassword.change', { current, password });
    context.output.result(answer, 'The master password is changed.');
  });
}

/** `wheelhouse master-password reset`: for a forgotten one. */
export async function masterPasswordReset(context: CommandContext): Promise<number> {
  return withPrompt(context, async (secrets) => {
    const password = await secrets.askNew('New master password');
    const answer = await (await context.core('offline')).call('masterPassword.reset', { password });
    context.output.result(answer, `The master password is set anew. ${count(answer.sessionsRevoked, 'session')} revoked; data stays as it was.`);
  });
}

async function withPrompt({ io }: CommandContext, work: (secrets: SecretPrompt) => Promise<void>): Promise<number> {
  const secrets = new SecretPrompt(io);
  try {
    await work(secrets);
    return EXIT.ok;
  } finally {
    secrets.close();
  }
}
