import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
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
  /** Runs a command in a fresh container of {@link image} and returns what it printed. */
  run(...command: string[]): string;
  stop(): Promise<void>;
}

/** crun refuses hybrid cgroups, and a machine inside a container may not raise its own limits. */
const CONTAINERS_CONF = `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
netns = "none"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;
const COMMANDS = ['sh', 'cat', 'echo', 'sleep', 'ls', 'id', 'touch', 'env', 'mkdir', 'head'];
const IMAGE = 'localhost/wheelhouse-probe:latest';

/** Starts the engine and imports the image; resolves when the API answers. */
export async function startPodman(): Promise<PrivatePodman> {
  const podman = findProgram('podman');
  const busybox = findProgram('busybox');
  if (podman === null || busybox === null) throw new Error('Podman is not installed: ask missingPart("containers") first');
  const dir = makeTempDir('wheelhouse-podman-');
  const socketPath = join(dir.path, 'podman.sock');
  const conf = join(dir.path, 'containers.conf');
  writeFileSync(conf, CONTAINERS_CONF);
  const env = { ...process.env, CONTAINERS_CONF: conf };
  const own = ['--root', join(dir.path, 'root'), '--runroot', join(dir.path, 'run'), '--tmpdir', join(dir.path, 'tmp'), '--storage-driver', 'vfs'];
  const call = (args: readonly string[], input?: Buffer): string => {
    const result = spawnSync(podman, [...own, ...args], { env, input, encoding: 'utf8', maxBuffer: 64 << 20 });
    if (result.status !== 0) throw new Error(`podman ${args[0]} ended with ${result.status}: ${result.stderr}`);
    return result.stdout;
  };

  importImage(join(dir.path, 'rootfs'), busybox, call);
  const service = spawn(podman, [...own, 'system', 'service', '--time=0', `unix://${socketPath}`], { env, stdio: 'ignore' });
  const exited = once(service, 'exit');
  while (!(await answers(socketPath))) {
    if (service.exitCode !== null) throw new Error(`podman system service ended with ${service.exitCode}`);
  }
  return {
    socketPath,
    image: IMAGE,
    get: (path) => get(socketPath, path),
    run: (...command) => call(['run', '--rm', '--network', 'none', IMAGE, ...command]),
    async stop() {
      call(['rm', '--all', '--force', '--time', '0']);
      service.kill('SIGTERM');
      await exited;
      dir.remove();
    },
  };
}

function importImage(rootfs: string, busybox: string, call: (args: readonly string[], input: Buffer) => string): void {
  mkdirSync(join(rootfs, 'bin'), { recursive: true });
  mkdirSync(join(rootfs, 'tmp'));
  cpSync(busybox, join(rootfs, 'bin/busybox'), { dereference: true });
  for (const command of COMMANDS) symlinkSync('busybox', join(rootfs, 'bin', command));
  const tar = spawnSync('tar', ['-C', rootfs, '-c', '.'], { maxBuffer: 64 << 20 });
  if (tar.status !== 0) throw new Error(`tar ended with ${tar.status}: ${tar.stderr.toString()}`);
  call(['import', '--change', 'CMD ["/bin/sh"]', '-', IMAGE], tar.stdout);
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
