import type { Log, LogFields } from '../../main/base/log.ts';

export interface KeptLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines for a test to look at. */
export function keptLog(): { readonly log: Log; readonly lines: readonly KeptLine[] } {
  const lines: KeptLine[] = [];
  const writer =
    (level: KeptLine['level']) =>
    (first: string | LogFields, message?: string): void =>
      void lines.push(typeof first === 'string' ? { level, message: first, fields: {} } : { level, message: message ?? '', fields: first });
  const log: Log = { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error'), child: () => log };
  return { log, lines };
}
