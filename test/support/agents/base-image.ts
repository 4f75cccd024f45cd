import { execFile } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../setup/parts.ts';
import { makeTempDir } from '../temp-dir.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');
/** Kept between runs: making it takes minutes. */
const KEPT = join(ROOT, 'node_modules/.cache/wheelhouse', `base-${process.version}-bookworm.tar`);
/** What the real one has in it besides Debian (docker-node, 24/bookworm-slim). */
const NODE_USER = 1000;
const MACHINE_CA = '/usr/local/share/machine-ca.crt';

/** An archive of files that stands in for the base image, and what its image says of itself. */
export interface BaseImage {
  readonly tar: string;
  /** For `podman import --change`. */
  readonly changes: readonly string[];
}

/** Why no stand-in can be made here; null when it can. */
export function noBaseImage(): string | null {
  if (existsSync(KEPT)) return null;
  if (process.getuid?.() !== 0) return 'debootstrap needs root';
  return findProgram('debootstrap') === null ? 'debootstrap is not installed' : null;
}

/**
 * A stand-in for `node:24-bookworm-slim`, where no registry can be reached: Debian as debootstrap makes it from Debian's own
 * packages, this Node, the npm of this machine, and the user `node`.
 */
export async function makeBaseImage(): Promise<BaseImage> {
  if (!existsSync(KEPT)) await assemble();
  return { tar: KEPT, changes: ['CMD ["node"]', ...(process.env['NODE_EXTRA_CA_CERTS'] === undefined ? [] : [`ENV NODE_EXTRA_CA_CERTS=${MACHINE_CA}`])] };
}

async function assemble(): Promise<void> {
  const dir = makeTempDir('wheelhouse-base-');
  try {
    const rootfs = join(dir.path, 'rootfs');
    const call = async (program: string, ...args: string[]): Promise<void> => void (await run(findProgram(program) ?? program, args, { maxBuffer: 64 << 20 }));
    await call('debootstrap', '--variant=minbase', 'bookworm', rootfs);
    copyFileSync(realpathSync(process.execPath), join(rootfs, 'usr/local/bin/node'));
    const modules = join(rootfs, 'usr/local/lib/node_modules');
    cpSync(npmFolder(), join(modules, 'npm'), { recursive: true, dereference: true });
    for (const name of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(rootfs, 'usr/local/bin', name));
    appendFileSync(join(rootfs, 'etc/passwd'), `node:x:${NODE_USER}:${NODE_USER}::/home/node:/bin/bash\n`);
    appendFileSync(join(rootfs, 'etc/group'), `node:x:${NODE_USER}:\n`);
    mkdirSync(join(rootfs, 'home/node'));
    // A machine behind a proxy that opens TLS: npm in the build has to trust what this machine trusts.
    const machineCa = process.env['NODE_EXTRA_CA_CERTS'];
    if (machineCa !== undefined) copyFileSync(machineCa, join(rootfs, MACHINE_CA));
    for (const leftover of ['var/cache/apt/archives', 'var/lib/apt/lists']) rmSync(join(rootfs, leftover), { recursive: true });
    mkdirSync(dirname(KEPT), { recursive: true });
    await call('tar', '-C', rootfs, '-cf', `${KEPT}.part`, '.');
    renameSync(`${KEPT}.part`, KEPT);
  } finally {
    dir.remove();
  }
}

/** The npm that runs this, or that of the PATH. */
function npmFolder(): string {
  const cli = process.env['npm_execpath'] ?? findProgram('npm');
  if (cli === null) throw new Error('npm is not on the PATH');
  return dirname(dirname(realpathSync(cli)));
}
