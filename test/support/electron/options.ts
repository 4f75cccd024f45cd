import type { HostOptions } from './host.ts';

/** How the launcher tells the stand-in what a real Electron would find on the machine. */
export const OPTIONS_VARIABLE = 'WHEELHOUSE_STAND_IN';

export function readOptions(env: NodeJS.ProcessEnv): HostOptions {
  const text = env[OPTIONS_VARIABLE];
  if (text === undefined) throw new Error(`${OPTIONS_VARIABLE} is not set: start the stand-in with its driver (drivers/stand-in.ts).`);
  return JSON.parse(text) as HostOptions;
}
