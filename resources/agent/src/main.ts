import { text } from 'node:stream/consumers';
import { openEgressBridge } from './egress-bridge.ts';
import { formatOutput } from './output.ts';
import { run } from './run.ts';
import type { Sdk } from './sdk.ts';

/** Installed in the image, not in a checkout: the compiler looks at `sdk.ts` instead. */
const SDK = '@anthropic-ai/claude-agent-sdk' as string;

/** As process 1 of a container Node ends on SIGTERM only when told to. */
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(signal === 'SIGTERM' ? 143 : 130));

/** Standard output is for the documents; whatever a text holds, it cannot look like one here. */
const print = (text: string): void => void process.stderr.write(`${text}\n`);
await openEgressBridge(process.env);
const [stdin, sdk] = await Promise.all([text(process.stdin), import(/* @vite-ignore */ SDK) as Promise<Sdk>]);
process.exitCode = await run({
  sdk,
  env: process.env,
  stdin,
  emit: (output) => void process.stdout.write(formatOutput(output)),
  warn: print,
  show: print,
  now: () => new Date(),
});
