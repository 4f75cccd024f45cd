import type { App, Dialog, Shell } from 'electron';
import type { Locale } from '../../preload/contract.ts';
import { AppError, ERRORS } from '../base/errors.ts';
import { textsIn } from './texts.ts';

/** What the dialog says: the rule in the person's language, then the thing and the cure. */
export interface FailureText {
  readonly message: string;
  readonly detail: string;
}

/** Why the core did not start, for the person. An error that is not ours is a bug: it shows itself as it is. */
export function failureText(error: unknown, locale: Locale): FailureText {
  const message = textsIn(locale)('startFailedTitle');
  if (error instanceof AppError) {
    const rule = ERRORS[error.code][locale];
    return { message, detail: error.message === rule ? rule : `${rule}\n\n${error.message}` };
  }
  return { message, detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

interface StartFailureOptions {
  readonly app: Pick<App, 'exit'>;
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly shell: Pick<Shell, 'openPath'>;
  readonly locale: Locale;
  readonly logsDir: string;
}

/** Tells the person in a native dialog and ends with code 1; nothing of a half-started application stays. */
export async function endWithFailure(error: unknown, { app, dialog, shell, locale, logsDir }: StartFailureOptions): Promise<void> {
  const texts = textsIn(locale);
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: texts('name'),
    ...failureText(error, locale),
    buttons: [texts('quit'), texts('openLogs')],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === 1) await shell.openPath(logsDir);
  app.exit(1);
}
