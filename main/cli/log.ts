import type { LogEvent } from '../bus/types.ts';
import type { AppError } from '../base/errors.ts';
import type { CommandContext } from './command.ts';
import type { Core } from './core.ts';
import { EXIT } from './exit-codes.ts';
import { localTime, oneLine } from './text.ts';

const DEFAULT_LIMIT = 50;
const PAGE = 500;

/** `wheelhouse log`. */
export async function log(context: CommandContext): Promise<number> {
  const { input, output, core } = context;
  const follow = input.flag('follow');
  const opened = await core(follow ? 'running' : 'offline');
  const first = await opened.call('log.read', { after_id: input.integer('after') ?? 0, limit: input.integer('limit') ?? DEFAULT_LIMIT });
  if (!follow) {
    output.result(first, first.events.length === 0 ? 'Nothing happened yet.' : first.events.map(line).join('\n'));
    return EXIT.ok;
  }
  for (const event of first.events) output.result(event, line(event));
  await followFrom(context, opened, first.cursor);
  return EXIT.ok;
}

function line(event: LogEvent): string {
  return `#${event.id}  ${localTime(event.ts)}  ${oneLine(event.text)}`;
}

/** Shows what comes after `cursor` until the person stops it; the live feed only says when to look, so nothing is lost. */
async function followFrom({ io, output }: CommandContext, core: Core, cursor: number): Promise<void> {
  let at = cursor;
  let reading: Promise<void> = Promise.resolve();
  const readOn = async (): Promise<void> => {
    for (;;) {
      const page = await core.call('log.read', { after_id: at, limit: PAGE });
      for (const event of page.events) output.result(event, line(event));
      at = page.cursor;
      if (!page.has_more) return;
    }
  };
  await new Promise<void>((resolve, reject) => {
    const unwatch = core.watch(
      () => {
        reading = reading.then(readOn);
        reading.catch(reject);
      },
      (error: AppError) => reject(error),
    );
    const stopListening = io.onStop(() => {
      stopListening();
      unwatch();
      resolve();
    });
  });
}
