import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Unsubscribe } from '../base/emitter.ts';

/** What a command may touch of the process it runs in. */
export interface CliIo {
  /** For results; a program may read it. */
  readonly out: (text: string) => void;
  /** For people: progress, hints, errors. */
  readonly err: (text: string) => void;
  /** What is typed or piped in; asking for it keeps the process alive until it ends. */
  readonly stdin: () => Readable;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** The words that start this program again, from anywhere. */
  readonly program: readonly string[];
  /** Hears the wish to stop: Ctrl-C, a service manager, a closed pipe. */
  readonly onStop: (listener: () => void) => Unsubscribe;
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The real process. */
export function processIo(): CliIo {
  const listeners = new Set<() => void>();
  const stop = (): void => {
    for (const listener of [...listeners]) listener();
  };
  // `wheelhouse log --follow | head` closes the pipe early: nobody listens any more, which is a wish to stop.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop();
  });
  // Nobody who reads what is said to people is no reason to stop.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: () => process.stdin,
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    program: [process.execPath, resolve(process.argv[1]!)],
    onStop(listener) {
      // Without a listener the signals keep their usual effect and end a command at once.
      if (listeners.size === 0) for (const signal of STOP_SIGNALS) process.on(signal, stop);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) for (const signal of STOP_SIGNALS) process.off(signal, stop);
      };
    },
  };
}
