import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

const PROBE_MS = 1000;
const LISTENING = '0A';

/** Who listens on a port of this machine, in words that end a sentence "the port is taken by …". Never rejects. */
export async function describePortHolder(host: string, port: number): Promise<string> {
  const [wheelhouse, process] = await Promise.all([probeWheelhouse(host, port), findProcess(port)]);
  return wheelhouse ?? process ?? 'another program';
}

/** Another Wheelhouse says so itself at /health. */
async function probeWheelhouse(host: string, port: number): Promise<string | null> {
  try {
    const name = host.includes(':') ? `[${host}]` : host;
    const response = await fetch(`http://${name}:${port}/health`, { signal: AbortSignal.timeout(PROBE_MS) });
    const { name: program, version, pid } = (await response.json()) as { name?: unknown; version?: unknown; pid?: unknown };
    return program === 'Wheelhouse' ? `another Wheelhouse (${String(version)}, process ${String(pid)}) with its own data directory` : null;
  } catch {
    return null;
  }
}

/** Linux lists listening sockets in /proc; elsewhere, and for other users' programs, nobody tells. */
async function findProcess(port: number): Promise<string | null> {
  try {
    const inodes = new Set([...(await listeningInodes('/proc/net/tcp', port)), ...(await listeningInodes('/proc/net/tcp6', port))]);
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      if (await holdsSocket(pid, inodes)) return `${(await readFile(`/proc/${pid}/comm`, 'utf-8')).trim()} (process ${pid})`;
    }
    return null;
  } catch {
    return null;
  }
}

async function listeningInodes(table: string, port: number): Promise<readonly string[]> {
  const rows = (await readFile(table, 'utf-8')).split('\n').slice(1);
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return rows.map((row) => row.trim().split(/\s+/)).flatMap(([, local, , state, , , , , , inode]) => (state === LISTENING && local?.endsWith(`:${hex}`) && inode ? [inode] : []));
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const dir = join('/proc', pid, 'fd');
  const handles = await readdir(dir).catch(() => []);
  for (const handle of handles) {
    const target = await readlink(join(dir, handle)).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
