import { Readable } from 'node:stream';
import { runCli } from '../../main/cli/run.ts';
import { startHeadless, type HeadlessCore } from '../../main/cli/headless.ts';
import { makeTempDir } from './temp-dir.ts';

/** How one command line ended. */
export interface CliResult {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A command that may not have ended yet. */
export interface Begun {
  readonly ended: Promise<CliResult>;
  readonly out: () => string;
  readonly err: () => string;
  stop(): void;
}

/** The command line on a data directory of its own, run in this process. */
export interface CliRig {
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  run(...words: string[]): Promise<CliResult>;
  /** As {@link run}, with these lines on standard input. */
  runWith(lines: readonly string[], ...words: string[]): Promise<CliResult>;
  /** As {@link run} with `--json`; fails the test unless it succeeds. */
  json<T = Record<string, unknown>>(...words: string[]): Promise<T>;
  /** Starts a command that runs until it is stopped; `stop` is Ctrl-C. */
  begin(...words: string[]): Begun;
  /** As {@link begin}, with this as standard input. */
  beginWith(stdin: Readable, ...words: string[]): Begun;
  /** Starts a core on the directory; it stops with the rig. */
  startCore(): Promise<HeadlessCore>;
  close(): Promise<void>;
}

/** `cwd` is where the command line is typed; the data directory when not given. */
export function makeCliRig(options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly platform?: NodeJS.Platform } = {}): CliRig {
  const dir = makeTempDir();
  const env: NodeJS.ProcessEnv = { WAIAAS_DATA_DIR: dir.path, WAIAAS_SERVER_PORT: '0', LANG: 'C', ...options.env };
  let core: HeadlessCore | null = null;
  const start = (stdin: Readable, words: string[]): Begun => {
    let out = '';
    let err = '';
    const stops = new Set<() => void>();
    const running = runCli(words, {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      stdin: () => stdin,
      env: { ...env },
      cwd: options.cwd ?? dir.path,
      platform: options.platform ?? 'linux',
      program: ['/usr/bin/node', '/opt/wheelhouse/cli.js'],
      onStop(listener) {
        stops.add(listener);
        return () => void stops.delete(listener);
      },
    });
    return {
      ended: running.then((exit) => ({ exit, out, err })),
      out: () => out,
      err: () => err,
      stop: () => {
        for (const listener of [...stops]) listener();
      },
    };
  };
  const begin: CliRig['begin'] = (...words) => start(Readable.from([]), words);
  const run: CliRig['run'] = async (...words) => begin(...words).ended;
  return {
    dataDir: dir.path,
    env,
    run,
    runWith: async (lines, ...words) => start(Readable.from(lines.map((line) => `${line}\n`)), words).ended,
    begin,
    beginWith: (stdin, ...words) => start(stdin, words),
    async json<T>(...words: string[]) {
      const { exit, out, err } = await run(...words, '--json');
      if (exit !== 0) throw new Error(`wheelhouse ${words.join(' ')} ended with ${exit}: ${err}${out}`);
      return JSON.parse(out) as T;
    },
    async startCore() {
      core = await startHeadless({ dataDir: dir.path, env, platform: 'linux' });
      return core;
    },
    async close() {
      await core?.stop();
      dir.remove();
    },
  };
}
