import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findProgram, NOTICE_PYTHON } from './setup/parts.ts';

/** A notice as the notification server of the desktop got it. */
export interface ShownNotice {
  readonly id: number;
  readonly app: string;
  readonly title: string;
  readonly body: string;
  /** Label by key. */
  readonly actions: Readonly<Record<string, string>>;
  /** 0 low, 1 normal, 2 critical. */
  readonly urgency: number | null;
}

/** A D-Bus session of its own with a notification server that shows nothing and remembers everything. */
export interface DesktopSession {
  /** The environment in which programs find the session. */
  readonly env: NodeJS.ProcessEnv;
  readonly shown: readonly ShownNotice[];
  /** The person presses a button of the notice. */
  press(notice: ShownNotice, action: string): void;
  close(): Promise<void>;
}

/** Needs the part `notices`. */
export async function startDesktopSession(): Promise<DesktopSession> {
  const script = join(import.meta.dirname, 'notification-server.py');
  const inSession = `exec ${NOTICE_PYTHON} ${JSON.stringify(script)} "$DBUS_SESSION_BUS_ADDRESS"`;
  const child = spawn(findProgram('dbus-run-session')!, ['--', 'sh', '-c', inSession], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const shown: ShownNotice[] = [];
  const bus = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the notification server ended with code ${String(code)}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const record = JSON.parse(line) as ShownNotice | { readonly ready: true; readonly bus: string };
      if ('ready' in record) resolve(record.bus);
      else shown.push(record);
    });
  });
  return {
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: bus },
    shown,
    press: ({ id }, action) => void child.stdin.write(`${id} ${action}\n`),
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
