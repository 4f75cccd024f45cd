import { WebSocket } from 'ws';
import { AppError } from '../base/errors.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { CallError, LiveEvent } from '../../preload/contract.ts';
import type { AnyCallAnswer, AnyCallArgs, AnyCallName, AnyCallResult } from '../server/cli-calls.ts';
import { resultOf, type Core } from './core.ts';

/** A core that runs on this machine, over HTTP with the key that only its user can read. */
export class HttpCore implements Core {
  readonly running = true;
  readonly #origin: string;
  readonly #pid: number;
  readonly #key: string;

  constructor(where: { readonly pid: number; readonly host: string; readonly port: number }, key: string) {
    // A core that listens everywhere also listens here.
    const host = where.host === '0.0.0.0' || where.host === '::' ? '127.0.0.1' : where.host;
    this.#origin = `http://${host.includes(':') ? `[${host}]` : host}:${where.port}`;
    this.#pid = where.pid;
    this.#key = key;
  }

  async call<N extends AnyCallName>(name: N, args: AnyCallArgs<N>): Promise<AnyCallResult<N>> {
    // An error before the call, as a refused key, comes in the common envelope, which has no "ok".
    let answer: AnyCallAnswer<N> | { readonly ok?: undefined; readonly error: CallError };
    try {
      const response = await fetch(`${this.#origin}/v1/call/${name}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${this.#key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(args),
      });
      answer = (await response.json()) as typeof answer;
    } catch (error) {
      throw this.#gone(error);
    }
    return resultOf(answer.ok ? answer : { ok: false, error: answer.error });
  }

  watch(onEvent: (event: LiveEvent) => void, onEnd: (error: AppError) => void): Unsubscribe {
    const socket = new WebSocket(`${this.#origin.replace('http', 'ws')}/v1/live`, { headers: { Authorization: `Bearer ${this.#key}` } });
    let wanted = true;
    socket.on('message', (data: Buffer) => onEvent(JSON.parse(data.toString('utf8')) as LiveEvent));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (wanted) onEnd(this.#gone(undefined));
    });
    return () => {
      wanted = false;
      socket.close();
    };
  }

  async deliver(): Promise<void> {
    // The running core sends by itself.
  }

  async close(): Promise<void> {
    // Every request is on its own; there is nothing to close.
  }

  #gone(cause: unknown): AppError {
    return new AppError('NOT_RUNNING', `Process ${this.#pid} does not answer at ${this.#origin}: it ended, or it hangs. See: wheelhouse status`, { pid: this.#pid }, { cause });
  }
}
