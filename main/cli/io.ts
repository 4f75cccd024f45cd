import type { Unsubscribe } from '../base/emitter.ts';

/** What a command may touch of the process it runs in. */
export interface CliIo {
  /** For results; a program may read it. */
  readonly out: (text: string) => void;
  /** For people: progress, hints, errors. */
  readonly err: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** Hears the wish to stop (Ctrl-C, a service manager), once per wish. */
  readonly onStop: (listener: () => void) => Unsubscribe;
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The real process. */
export function processIo(): CliIo {
  // `wheelhouse log | head` closes the pipe early, which is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    onStop(listener) {
      for (const signal of STOP_SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, listener);
      };
    },
  };
}
