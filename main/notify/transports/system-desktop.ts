import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DesktopPayload } from '../payloads/desktop.ts';
import type { NoticeAction, Severity } from '../types.ts';
import type { DesktopNotices } from './desktop.ts';

/** Notices with buttons that nobody has answered yet each keep a program running; beyond this the oldest go. */
const MOST_OPEN = 20;
/** A notification server answers at once or is not there. */
const SHOW_TIMEOUT_MS = 5000;
const URGENCY: Readonly<Record<Severity, string>> = { info: 'low', warning: 'normal', critical: 'critical' };

/**
 * Notices on Linux by `notify-send`, which can carry buttons; node-notifier's own way there leaves them out. The texts are
 * on its command line for a moment: notices hold no secrets.
 */
export class NotifySend implements DesktopNotices {
  readonly #program: string | null;
  readonly #env: NodeJS.ProcessEnv;
  readonly #open: ChildProcess[] = [];

  /** `env`: where the session of the desktop is found. */
  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
    this.#program = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'notify-send')).find((path) => existsSync(path)) ?? null;
  }

  unavailable(): string | null {
    if (this.#program === null) return 'notify-send is not installed; it is in the package libnotify-bin or libnotify.';
    const bus = this.#env['DBUS_SESSION_BUS_ADDRESS'] ?? '';
    const runtime = this.#env['XDG_RUNTIME_DIR'] ?? '';
    return bus !== '' || (runtime !== '' && existsSync(join(runtime, 'bus'))) ? null : 'there is no desktop session here.';
  }

  async show({ title, body, severity, actions }: DesktopPayload, choose: (action: NoticeAction) => void): Promise<void> {
    const program = this.#program;
    if (program === null) throw new Error(this.unavailable() ?? 'notify-send is not installed');
    const buttons = actions.flatMap(({ action, label }) => ['--action', `${action}=${label}`]);
    const child = spawn(program, ['--app-name', 'Wheelhouse', '--urgency', URGENCY[severity], '--print-id', ...buttons, '--', title, escapeMarkup(body)], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#keep(child);
    await this.#shown(child, (word) => {
      const chosen = actions.find(({ action }) => action === word);
      if (chosen !== undefined) choose(chosen.action);
    });
  }

  /** Ends the programs that wait for buttons; the notices stay on the screen without them. */
  close(): void {
    for (const child of this.#open.splice(0)) child.kill();
  }

  /** The first line is the number of the notice that is on the screen, 0 when it is not; a later one the button. */
  async #shown(child: ChildProcess, onWord: (word: string) => void): Promise<void> {
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-500)));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill();
        reject(new Error('the notification server of the desktop does not answer'));
      }, SHOW_TIMEOUT_MS);
      let first = true;
      createInterface({ input: child.stdout! }).on('line', (line) => {
        if (!first) {
          onWord(line.trim());
        } else if (line.trim() !== '0') {
          clearTimeout(timer);
          resolve();
        }
        first = false;
      });
      child.on('error', reject);
      child.on('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(complaint.trim().split('\n').at(-1) || `notify-send ended with code ${code ?? 'none'}`));
      });
    });
  }

  #keep(child: ChildProcess): void {
    this.#open.push(child);
    child.on('exit', () => {
      const at = this.#open.indexOf(child);
      if (at >= 0) this.#open.splice(at, 1);
    });
    if (this.#open.length > MOST_OPEN) this.#open.shift()?.kill();
  }
}

/** Notices on macOS and Windows without the tray: without buttons, which need an application that is installed. */
export class NodeNotifier implements DesktopNotices {
  unavailable(): string | null {
    return null;
  }

  async show({ title, body }: DesktopPayload): Promise<void> {
    const { default: notifier } = await import('node-notifier');
    await new Promise<void>((resolve, reject) => {
      notifier.notify({ title, message: body, wait: false }, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Nothing is left open. */
  close(): void {}
}

/** What shows notices on the desktop of this machine when there is no tray. */
export function systemDesktop(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): DesktopNotices & { close(): void } {
  return platform === 'darwin' || platform === 'win32' ? new NodeNotifier() : new NotifySend(env);
}

/** Notification servers take `<b>` and its like in the body. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
