import { backstage, type Host, type ShownDialog } from './host.ts';
import type { Shape } from './shape.ts';

type BoxOptions = Electron.MessageBoxOptions;

const OPTIONS = new Set(['type', 'title', 'message', 'detail', 'buttons', 'defaultId', 'cancelId', 'noLink']);

/** Native dialogs: they stay open until the test answers. */
export class StandInDialog implements Shape<Electron.Dialog, never, 'showMessageBox'> {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async showMessageBox(windowOrOptions: object, optionsForWindow?: BoxOptions): Promise<Electron.MessageBoxReturnValue> {
    const options = optionsForWindow ?? (windowOrOptions as BoxOptions);
    for (const name of Object.keys(options)) if (!OPTIONS.has(name)) throw new Error(`not in the stand-in: the option ${name} of showMessageBox`);
    this.#host.requireReady('a message box');
    const answer = Promise.withResolvers<number>();
    const record = {
      id: this.#host.nextId(),
      type: options.type ?? 'none',
      message: options.message,
      detail: options.detail ?? '',
      buttons: options.buttons ?? ['OK'],
      defaultId: options.defaultId ?? null,
      response: null,
    };
    const shown: ShownDialog = { record, answer: answer.resolve };
    this.#host.dialogs.push(shown);
    const response = await answer.promise;
    shown.record = { ...record, response };
    return { response, checkboxChecked: false };
  }

  get [backstage]() {
    return {
      answer: (id: number, response: number): void => {
        const shown = this.#host.dialogs.find((dialog) => dialog.record.id === id);
        if (shown === undefined) throw new Error(`There is no dialog ${id}.`);
        if (shown.record.buttons[response] === undefined) throw new Error(`The dialog ${id} has no button ${response}.`);
        shown.answer(response);
      },
    };
  }
}
