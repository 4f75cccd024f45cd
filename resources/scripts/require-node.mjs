// Imported first by every script: plain JavaScript, so that an old Node reaches the message instead of a syntax error.

/** The oldest Node that runs Wheelhouse: better-sqlite3 13 crashes the process on Node 20. */
const OLDEST_MAJOR = 24;

/** Why `version` cannot run Wheelhouse, with the cure; null when it can. */
export function nodeRefusal(version, execPath) {
  if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return null;
  return (
    `Wheelhouse needs Node ${OLDEST_MAJOR} or newer; this is Node ${version} (${execPath}).\n` +
    'In a checkout run `npm ci` (without --ignore-scripts): it brings Node 24 along, and every npm script then runs on it,\n' +
    'for example `npm start`, `npm test` or `npm run -s wheelhouse -- status`.\n'
  );
}

const refusal = nodeRefusal(process.versions.node, process.execPath);
if (refusal !== null) {
  process.stderr.write(refusal);
  process.exit(1);
}
