import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { hideSecrets, hideSecretsIn } from './log-redaction.ts';
import { RotatingFile } from './rotating-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line is about; an error goes under `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line: a sentence, with fields before it when there are any. */
export interface WriteLine {
  (message: string): void;
  (fields: LogFields, message: string): void;
}

/** What the rooms know of the log. */
export interface Log {
  readonly debug: WriteLine;
  readonly info: WriteLine;
  readonly warn: WriteLine;
  readonly error: WriteLine;
  /** The same log with fields on every line, usually `{ room: 'bus' }`. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** The folder of wheelhouse.log and its older files; null writes to stderr, which no protocol uses. */
  readonly dir: string | null;
  /** In MiB. */
  readonly maxSizeMb: number;
  /** With the current one. */
  readonly maxFiles: number;
  /** Takes the secrets that this process knows out of a line; what looks like one goes without it. */
  readonly hide?: (line: string) => string;
}

/** The log of a process, of which it has one. */
export interface ProcessLog extends Log {
  /** Closes the file; lines after that are dropped. */
  close(): void;
}

const MIB = 1024 * 1024;

/** A log of JSON lines without secrets: fields that are named like one are masked, and tokens inside any text too. */
export function createLog(options: LogOptions): ProcessLog {
  const { hide = (line) => line } = options;
  const file =
    options.dir === null ? null : new RotatingFile({ file: join(options.dir, 'wheelhouse.log'), maxBytes: options.maxSizeMb * MIB, maxFiles: options.maxFiles });
  const write = file ? (line: string) => file.write(line) : (line: string) => void process.stderr.write(line);
  const logger = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: hideSecrets },
      // Errors become plain objects in hideSecrets; pino's own serializer would put their details back unmasked.
      serializers: { err: (value: unknown) => value },
    },
    { write: (line: string) => write(hideSecretsIn(hide(line))) },
  );
  return Object.assign(asLog(logger), { close: () => file?.close() });
}

/** A log that says nothing, for tests and for programs that have no log. */
export function silentLog(): Log {
  const nothing: WriteLine = () => undefined;
  const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log };
  return log;
}

function asLog(logger: Logger): Log {
  return {
    debug: lines(logger, 'debug'),
    info: lines(logger, 'info'),
    warn: lines(logger, 'warn'),
    error: lines(logger, 'error'),
    child: (fields) => asLog(logger.child(hideSecrets(fields))),
  };
}

function lines(logger: Logger, level: LogLevel): WriteLine {
  return (first: string | LogFields, message?: string): void => {
    if (typeof first === 'string') logger[level](first);
    else logger[level](first, message);
  };
}
