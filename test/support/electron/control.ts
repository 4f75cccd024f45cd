import type { DesktopState } from './state.ts';

/** What a test can make happen: the person and the operating system around the application. */
export interface Commands {
  state: { args: Record<never, never>; result: DesktopState };
  /** Where a test finds the live page of a window: the address of Chromium's debugger, and its name for the page. */
  'window.page': { args: { id: number }; result: { debuggerUrl: string; targetId: string } };
  'tray.click': { args: { button: 'left' | 'right' }; result: null };
  'menu.click': { args: { id: string }; result: null };
  /** `button`: its place among the buttons; null: beside them. */
  'notification.click': { args: { index: number; button: number | null }; result: null };
  'dialog.answer': { args: { id: number; response: number }; result: null };
  'window.close': { args: { id: number }; result: null };
  'window.crash': { args: { id: number }; result: null };
  'window.press': { args: { id: number; key: string; control: boolean }; result: null };
  /** Opens a window that the application did not, with a preload of the test's choice. */
  'window.foreign': { args: { url: string; preload: string }; result: { id: number } };
  'power.emit': { args: { event: 'suspend' | 'resume' | 'shutdown' }; result: null };
  'theme.system': { args: { dark: boolean }; result: null };
  'permission.ask': { args: { permission: string; url: string }; result: { granted: boolean } };
  'url.open': { args: { url: string }; result: null };
}

export type CommandName = keyof Commands;

export interface CommandMessage {
  readonly seq: number;
  readonly name: CommandName;
  readonly args: unknown;
}

export type CommandAnswer = { readonly seq: number; readonly ok: true; readonly result: unknown } | { readonly seq: number; readonly ok: false; readonly error: string };

export type CommandTable = { readonly [N in CommandName]: (args: Commands[N]['args']) => Promise<Commands[N]['result']> | Commands[N]['result'] };

/**
 * Answers commands that arrive over the process's channel. The channel alone does not keep the process alive: an
 * application that never becomes ready must end, as `ready` deadlocks do.
 */
export function serveCommands(table: CommandTable, channel: NodeJS.Process): void {
  if (channel.send === undefined) return;
  channel.on('message', (message: CommandMessage) => void answer(table, message).then((reply) => channel.send!(reply)));
  // A test run that was killed leaves nothing behind.
  channel.on('disconnect', () => channel.exit(1));
  channel.channel!.unref();
}

async function answer(table: CommandTable, { seq, name, args }: CommandMessage): Promise<CommandAnswer> {
  try {
    const run = table[name] as (args: unknown) => unknown;
    return { seq, ok: true, result: (await run(args)) ?? null };
  } catch (error) {
    return { seq, ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
