import type { Readable } from 'node:stream';
import { SessionManager } from '../../access/session-manager.ts';
import { readMcpToken, writeMcpToken } from '../../access/token-file.ts';
import type { Clock } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { Bridge } from './bridge.ts';
import { CoreLink } from './core-link.ts';
import { readLines } from './lines.ts';
import { LocalAnswers } from './local-answers.ts';

export interface BridgeRun {
  readonly stdin: Readable;
  readonly out: (text: string) => void;
  /** For people; standard output carries the protocol only. */
  readonly err: (text: string) => void;
  readonly onStop: (listener: () => void) => Unsubscribe;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly baseUrl: () => string;
  readonly tokenFile: string;
  readonly envToken: string | undefined;
  readonly version: string;
  readonly bundledTools: () => Promise<readonly object[]>;
  /** The command line that makes this client's next token. */
  readonly tokenCommand: string;
}

/** What was asked before standard input ended is still answered, when it takes no longer. */
const LAST_ANSWER_MS = 1000;
/** A client that ends its server kills it some three seconds later. */
const LAST_RENEWAL_MS = 1500;

/** Bridges stdio and the core until standard input ends or somebody stops it. Nothing else ends it. */
export async function runBridge(run: BridgeRun): Promise<void> {
  const { stdin, clock, fetch, baseUrl, tokenFile } = run;
  const report = (line: string): void => run.err(`wheelhouse bridge: ${line}\n`);
  const session = new SessionManager({
    clock,
    fetch,
    baseUrl,
    envToken: run.envToken,
    report,
    file: { read: () => readMcpToken(tokenFile), write: async (token) => writeMcpToken(tokenFile, token) },
  });
  let open = true;
  const bridge = new Bridge({
    clock,
    link: new CoreLink({ fetch, baseUrl, session }),
    local: new LocalAnswers({ version: run.version, bundledTools: run.bundledTools, tokenCommand: run.tokenCommand }),
    send: (message) => {
      if (open) run.out(`${JSON.stringify(message)}\n`);
    },
    report: (what, error) => report(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const unsubscribe = run.onStop(() => void stdin.destroy());
  session.start();
  try {
    for await (const line of readLines(stdin)) {
      if (line === null) bridge.receiveOversized();
      else if (line.trim() !== '') bridge.receive(line);
    }
    await bridge.drain(LAST_ANSWER_MS);
  } catch (error) {
    // Destroying standard input ends the loop in this way.
    if (!stdin.destroyed) throw error;
  } finally {
    open = false;
    unsubscribe();
    bridge.close();
    await session.dispose(LAST_RENEWAL_MS);
  }
}
