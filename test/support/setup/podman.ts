import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { makeTempDir } from '../temp-dir.ts';
import { findProgram } from './parts.ts';

/** A container engine of this test alone: its own images, containers and Docker API socket. */
export interface PrivatePodman {
  readonly socketPath: string;
  /** An image of busybox with the usual commands, made without any registry. */
  readonly image: string;
  /** One request to the Docker API. */
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** The process that serves the API, for tests in which the engine goes away. */
  readonly pid: () => number;
  /** Starts the service again after it went away. */
  restart(): Promise<void>;
  /** Runs a command of the engine itself, as its owner would at a terminal. */
  exec(...args: string[]): string;
  /** Runs a command in a fresh container of {@link image} and returns what it printed. */
  run(...command: string[]): string;
  stop(): Promise<void>;
}

/** crun refuses hybrid cgroups, and a machine inside a container may not raise its own limits. */
const containersConf = (network: string): string => `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
netns = "${network}"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;
const COMMANDS = ['sh', 'cat', 'echo', 'sleep', 'ls', 'id', 'touch', 'env', 'mkdir', 'head', 'sed', 'tr', 'wc', 'md5sum', 'cut', 'yes', 'rm', 'grep', 'ln', 'mv', 'stat', 'hostname'];
const IMAGE = 'localhost/wheelhouse-probe:latest';

export interface PodmanOptions {
  /** Puts further files into the image. */
  readonly prepare?: (rootfs: string) => void;
  /** What the image runs, as JSON array; a shell when not given. */
  readonly cmd?: readonly string[];
  /** What containers get that ask for nothing else, and the steps of a build; `none` when not given. */
  readonly network?: 'none' | 'host';
  /** `vfs`, which works everywhere and copies every layer, when not given. */
  readonly storage?: 'vfs' | 'overlay';
}

/** Starts the engine and imports the image; resolves when the API answers. */
export async function startPodman({ prepare, cmd = ['/bin/sh'], network = 'none', storage = 'vfs' }: PodmanOptions = {}): Promise<PrivatePodman> {
  const podman = findProgram('podman');
  const busybox = findProgram('busybox');
  if (podman === null || busybox === null) throw new Error('Podman is not installed: ask missingPart("containers") first');
  const dir = makeTempDir('wheelhouse-podman-');
  const socketPath = join(dir.path, 'podman.sock');
  const conf = join(dir.path, 'containers.conf');
  writeFileSync(conf, containersConf(network));
  const env = { ...process.env, CONTAINERS_CONF: conf };
  const own = ['--root', join(dir.path, 'root'), '--runroot', join(dir.path, 'run'), '--tmpdir', join(dir.path, 'tmp'), '--storage-driver', storage];
  const call = (args: readonly string[], input?: Buffer): string => {
    const result = spawnSync(podman, [...own, ...args], { env, input, encoding: 'utf8', maxBuffer: 64 << 20 });
    if (result.status !== 0) throw new Error(`podman ${args[0]} ended with ${result.status}: ${result.stderr}`);
    return result.stdout;
  };

  importImage(join(dir.path, 'rootfs'), busybox, call, cmd, prepare);
  // In a folder of its own: where the service runs, its monitor leaves a file `oom` for each container that ran out of memory.
  const serve = async (): Promise<ChildProcess> => {
    const service = spawn(podman, [...own, 'system', 'service', '--time=0', `unix://${socketPath}`], { env, cwd: dir.path, stdio: 'ignore' });
    while (!(await answers(socketPath))) {
      if (service.exitCode !== null) throw new Error(`podman system service ended with ${service.exitCode}`);
    }
    return service;
  };
  let service = await serve();
  const guard = startGuard([podman, ...own], env, dir.path);
  guard.watch(service);
  return {
    socketPath,
    image: IMAGE,
    pid: () => service.pid!,
    async restart() {
      service = await serve();
      guard.watch(service);
    },
    get: (path) => get(socketPath, path),
    exec: (...args) => call(args),
    run: (...command) => call(['run', '--rm', '--network', 'none', IMAGE, ...command]),
    async stop() {
      call(['rm', '--all', '--force', '--time', '0']);
      if (service.exitCode === null && service.signalCode === null) {
        const exited = once(service, 'exit');
        service.kill('SIGTERM');
        await exited;
      }
      await guard.dismiss();
      dir.remove();
    },
  };
}

/** Reads the ids of the service's processes; when they end without "done", the test was killed. */
const GUARD = `
dir=$1
shift
while read -r line; do
  [ "$line" = done ] && exit 0
  service=$line
done
kill -9 $service
"$@" rm --all --force --time 0 && rm -rf "$dir"
`;

/** Ends the engine and its containers, which would outlive it, should the test be killed before it stops them itself. */
function startGuard(podman: readonly string[], env: NodeJS.ProcessEnv, dir: string): { watch(service: ChildProcess): void; dismiss(): Promise<void> } {
  // In a group of its own: what ends the test from a terminal must not end the guard with it.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', dir, ...podman], { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  return {
    watch: ({ pid }) => void guard.stdin.write(`${pid}\n`),
    async dismiss() {
      const exited = once(guard, 'exit');
      guard.stdin.end('done\n');
      await exited;
    },
  };
}

function importImage(
  rootfs: string,
  busybox: string,
  call: (args: readonly string[], input: Buffer) => string,
  cmd: readonly string[],
  prepare: PodmanOptions['prepare'],
): void {
  mkdirSync(join(rootfs, 'bin'), { recursive: true });
  mkdirSync(join(rootfs, 'tmp'));
  chmodSync(join(rootfs, 'tmp'), 0o1777);
  cpSync(busybox, join(rootfs, 'bin/busybox'), { dereference: true });
  for (const command of COMMANDS) symlinkSync('busybox', join(rootfs, 'bin', command));
  prepare?.(rootfs);
  const tar = spawnSync('tar', ['-C', rootfs, '-c', '.'], { maxBuffer: 64 << 20 });
  if (tar.status !== 0) throw new Error(`tar ended with ${tar.status}: ${tar.stderr.toString()}`);
  call(['import', '--change', `CMD ${JSON.stringify(cmd)}`, '-', IMAGE], tar.stdout);
}

async function answers(socketPath: string): Promise<boolean> {
  try {
    return (await get(socketPath, '/_ping')).status === 200;
  } catch {
    return false;
  }
}

function get(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, headers: { host: 'podman' } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}
