#!/usr/bin/env node
/** The `wheelhouse` command. Everything else is loaded after the check of Node, and a command only when it is called. */
const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `Wheelhouse needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer Node, or run it in a checkout as `npm run -s wheelhouse -- <command>` after `npm ci`.\n',
  );
  process.exitCode = 1;
} else {
  const { runCli } = await import('./cli/run.ts');
  const { processIo } = await import('./cli/io.ts');
  process.exitCode = await runCli(process.argv.slice(2), processIo());
}

export {};
