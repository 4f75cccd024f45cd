import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** electron-builder's own numbers for the processor kinds. */
const ARCH_NAMES = ['ia32', 'x64', 'armv7l', 'arm64', 'universal'];

/** The native files below `folder`, as paths. */
function nativeFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.node'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Runs after the application tree is assembled: exactly the platform's own native file may be inside. */
export default function checkPack({ appOutDir, electronPlatformName, arch }) {
  const wanted = `${electronPlatformName}-${ARCH_NAMES[arch]}.node`;
  const found = nativeFiles(appOutDir);
  if (found.length !== 1 || basename(found[0]) !== wanted) {
    throw new Error(`The package must hold ${wanted} and no other native file, but holds: ${found.join(', ') || 'none'}.`);
  }
}
