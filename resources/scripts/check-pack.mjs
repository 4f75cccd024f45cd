import { readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';

/** electron-builder's own numbers for the processor kinds. */
const ARCH_NAMES = ['ia32', 'x64', 'armv7l', 'arm64', 'universal'];

/** The native files below `folder`, as paths. */
function nativeFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.node'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The packages with native code, each of which brings one file for each kind of machine. */
const NATIVE_PACKAGES = ['better-sqlite3', '@node-rs/argon2'];

/** Runs after the application tree is assembled: of every native package exactly the platform's own file may be inside. */
export default function checkPack({ appOutDir, electronPlatformName, arch }) {
  const machine = `${electronPlatformName}-${ARCH_NAMES[arch]}`;
  const found = nativeFiles(appOutDir);
  const fits = (file) => basename(file).includes(machine);
  const complete = NATIVE_PACKAGES.every((name) => found.filter((file) => file.split(sep).join('/').includes(`/node_modules/${name}`)).length === 1);
  if (!complete || found.length !== NATIVE_PACKAGES.length || !found.every(fits)) {
    const list = found.map((file) => relative(appOutDir, file)).join(', ') || 'none';
    throw new Error(`The package must hold one native file for ${machine} of each of ${NATIVE_PACKAGES.join(', ')}, but holds: ${list}. Pack on a machine of that kind.`);
  }
}
