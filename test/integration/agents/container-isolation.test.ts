import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INSTALL_LABEL } from '../../../main/agents/container-spec.ts';
import { makeContainerRig, startPodmanWithAgent, type ContainerRig } from '../../support/agents/container-rig.ts';
import { SECRET, type StartOptions, type WatchedRun } from '../../support/agents/runner-rig.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { missingPart } from '../../support/setup/parts.ts';
import type { PrivatePodman } from '../../support/setup/podman.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';


describe.skipIf(missingPart('containers') !== null)('isolation of a container, on a real engine', () => {
  let podman: PrivatePodman;
  let rig: ContainerRig;
  beforeAll(async () => {
    podman = await startPodmanWithAgent();
    rig = makeContainerRig(podman);
  });
  afterAll(async () => {
    await rig.close();
    await podman.stop();
  });

  const names = async (): Promise<string[]> => {
    const listed = JSON.parse((await podman.get('/v1.41/containers/json?all=true')).body) as { Names: string[] }[];
    return listed.map(({ Names }) => Names[0]!.slice(1));
  };
  const ready = async (run: WatchedRun): Promise<void> => {
    await until(() => run.results().length > 0);
  };
  /** What a command inside of a container prints, line by line. */
  const inside = async (command: string, options: StartOptions = {}, on: ContainerRig = rig): Promise<string[]> => {
    const run = on.start(`run-${command}`, options);
    expect(await run.live.ended).toMatchObject({ status: 'succeeded' });
    return run.results()[0]!.split('|').filter((line) => line !== '');
  };

  it('the engine itself reports every lock that was asked for, and no secret', async () => {
    const run = rig.start('serve', { container: { memoryMb: 96, cpus: 0.5, pids: 40 } });
    await ready(run);
    const { status, body } = await podman.get(`/v1.41/containers/${run.places[0]!.containerName}/json`);
    await run.live.abort('aborted');
    expect(status).toBe(200);
    const inspected = JSON.parse(body) as { Config: Record<string, unknown>; HostConfig: Record<string, unknown>; EffectiveCaps?: string[] };
    expect(inspected.Config).toMatchObject({
      User: '1000:1000',
      Tty: false,
      Labels: { [INSTALL_LABEL]: rig.installId, 'dev.wheelhouse.run': '00000000-0000-7000-8000-000000000001', 'dev.wheelhouse.group': 'home' },
    });
    expect(inspected.HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      NetworkMode: 'none',
      PidsLimit: 40,
      Memory: 96 << 20,
      MemorySwap: 96 << 20,
      NanoCpus: 500_000_000,
      SecurityOpt: ['no-new-privileges'],
      AutoRemove: false,
    });
    expect(inspected.HostConfig['CapAdd'] ?? []).toEqual([]);
    expect((inspected.HostConfig['CapDrop'] as string[]).length).toBeGreaterThan(0);
    expect(body).not.toContain(SECRET);
    expect(body).not.toContain('ANTHROPIC');
  });

  it('an agent is nobody inside: no root, no capability, no way to get one, no network', async () => {
    const said = await inside('id -u; cat /proc/self/status; ls /sys/class/net');
    expect(said[0]).toBe('1000');
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(said).toContain(`${set}: 0000000000000000`);
    expect(said).toContain('NoNewPrivs: 1');
    expect(said.slice(said.findIndex((line) => line.startsWith('nonvoluntary')) + 1)).toEqual(['lo']);
  });

  it('an agent can write in its folders and in memory, and nowhere else', async () => {
    const said = await inside(
      'for d in / /open /etc /workspace /workspace/ipc /workspace/global /workspace/group /workspace/ipc/messages /workspace/ipc/input /workspace/ipc/answers /home/agent /home/agent/.claude /tmp; do touch $d/x 2>/dev/null && echo yes $d || echo no $d; done',
    );
    expect(said.filter((line) => line.startsWith('no '))).toEqual(['no /', 'no /open', 'no /etc', 'no /workspace', 'no /workspace/ipc', 'no /workspace/global']);
    expect(said.filter((line) => line.startsWith('yes ')).length).toBe(7);
  });

  it('the main group writes in the shared memory, which the others read', async () => {
    await inside('echo all read this > /workspace/global/CLAUDE.md', { isMain: true, folder: 'main' });
    expect(await inside('cat /workspace/global/CLAUDE.md')).toEqual(['all read this']);
  });

  it('an agent cannot put a link in the place of a folder of its mailbox', async () => {
    const said = await inside('mv /workspace/ipc/input /workspace/ipc/old 2>/dev/null && echo moved; rm -rf /workspace/ipc/messages 2>/dev/null && echo removed; ls /workspace/ipc');
    expect(said).toEqual(['answers', 'input', 'messages', 'tasks']);
  });

  it('more processes than allowed are refused', async () => {
    const said = await inside('i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i+1)); done; echo made $i', { container: { pids: 16 } });
    expect(said.join(' ')).toContain('fork');
  });

  it('an agent that needs more memory than allowed is killed, and the limit is named', async () => {
    const run = rig.start('swallow', { container: { memoryMb: 64 } });
    expect(await run.live.ended).toMatchObject({ status: 'failed', exitCode: 137 });
    // Not every Podman says which kill it was: 4.3 does not.
    expect(['out_of_memory', 'exit_code']).toContain((await run.live.ended).cause);
    expect((await run.live.ended).error).toContain('memory limit of 64 MiB');
    // The engine's monitor leaves a file of this name where the engine was started.
    expect(existsSync('oom')).toBe(false);
  });

  it('an agent that somebody killed from outside has failed, and the sentence allows for that', async () => {
    const run = rig.start('serve');
    await ready(run);
    podman.exec('kill', run.places[0]!.containerName!);
    expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'exit_code', exitCode: 137 });
    expect((await run.live.ended).error).toContain('or by a person');
  });

  it('a container that somebody removed ends its run', async () => {
    const run = rig.start('serve');
    await ready(run);
    podman.exec('rm', '--force', '--time', '0', run.places[0]!.containerName!);
    expect(await run.live.ended).toMatchObject({ status: 'failed' });
    expect(await names()).toEqual([]);
  });

  it('SEC-01..04: an allowed folder is there for reading, a refused one is not, and the log says why', async () => {
    const home = makeTempDir();
    for (const folder of ['projects/web', 'projects/.ssh', 'elsewhere']) mkdirSync(join(home.path, folder), { recursive: true });
    writeFileSync(join(home.path, 'projects/web/page'), 'a page');
    writeFileSync(join(home.path, 'allowlist.json'), JSON.stringify({ allowedRoots: [{ path: '~/projects', allowReadWrite: true }], blockedPatterns: [], nonMainReadOnly: true }), { mode: 0o600 });
    const mounting = makeContainerRig(podman, { home: home.path });
    const additionalMounts = [{ hostPath: '~/projects/web', readonly: false }, { hostPath: '~/projects/.ssh' }, { hostPath: '~/elsewhere' }];
    const run = mounting.start('run-ls /workspace/extra; cat /workspace/extra/web/page; touch /workspace/extra/web/x || echo read only', { container: { additionalMounts } });
    await run.live.ended;
    expect(run.results()[0]).toContain('web|a page');
    expect(run.results()[0]).toContain('read only');
    const log = await run.log();
    expect(log).toContain(`Mount: ${home.path}/projects/web at /workspace/extra/web, reading only`);
    expect(log).toContain('~/projects/web is mounted for reading only: only the main group may write');
    expect(log).toContain('~/projects/.ssh is not mounted');
    expect(log).toContain('~/elsewhere is not mounted');
    await mounting.close();
    home.remove();
  });

  it('an image that is not there is named, with the command that builds it', async () => {
    const other = makeContainerRig(podman, { image: 'localhost/never-built:latest' });
    const run = other.start('answer');
    expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'not_started' });
    expect((await run.live.ended).error).toBe('There is no image localhost/never-built:latest in the container engine. Build it: wheelhouse engine build');
    await other.close();
  });

  it('a disk that is full stops the run with its cause, and a disk that fills up in mid-run does not', async () => {
    const disk = makeTempDir();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,nr_inodes=60', 'tmpfs', disk.path]);
    expect(mounted.status).toBe(0);
    try {
      const full = makeContainerRig(podman, { dir: disk.path });
      const filler = join(disk.path, 'filler');
      const run = full.start('serve', { onOutput: () => fill(filler) });
      await ready(run);
      await expect(run.live.followUp('a', 'x'.repeat(100_000))).rejects.toThrow('ENOSPC');
      await run.live.abort('aborted');
      expect(await run.live.ended).toMatchObject({ status: 'aborted' });

      const next = full.start('answer', { folder: 'another' });
      expect(await next.live.ended).toMatchObject({ status: 'failed', cause: 'not_started' });
      expect((await next.live.ended).error).toMatch(/disk is full|ENOSPC/);
      await full.close();
    } finally {
      spawnSync('umount', ['-l', disk.path]);
      disk.remove();
    }
  });

  describe('network "restricted"', () => {
    it('means no network but a proxy that leads to the allowed hosts alone', async () => {
      const model = createServer((request, response) => response.end(`model ${request.url}`)).listen(0, '127.0.0.1');
      const other = createServer((_request, response) => response.end('other')).listen(0, '127.0.0.1');
      const tls = createTcpServer((socket) => socket.once('data', () => socket.end('pong'))).listen(0, '127.0.0.1');
      await Promise.all([model, other, tls].map(async (server) => once(server, 'listening')));
      const [modelAt, otherAt, tlsAt] = [model, other, tls].map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`) as [string, string, string];

      const home = makeTempDir();
      const tools = toolsFor(join(home.path, 'tools'));
      writeFileSync(join(home.path, 'allowlist.json'), JSON.stringify({ allowedRoots: [{ path: '/usr/lib', allowReadWrite: false }, { path: '~', allowReadWrite: false }, { path: dirname(realpathSync(process.execPath)), allowReadWrite: false }], blockedPatterns: [], nonMainReadOnly: true }), { mode: 0o600 });
      const restricted = makeContainerRig(podman, { home: home.path, limits: { network: 'restricted', memoryMb: 512 }, restrictedHosts: [modelAt, tlsAt] });
      const additionalMounts = [{ hostPath: tools }, { hostPath: '/usr/lib/x86_64-linux-gnu', containerPath: 'lib' }, { hostPath: realpathSync(process.execPath), containerPath: 'node' }];
      const asked = [`http://${modelAt}/v1`, `http://${otherAt}/`, `tunnel://${tlsAt}`, `tunnel://${otherAt}`, 'tunnel://169.254.169.254:80', 'http://api.anthropic.com/'];
      const node = '/workspace/extra/lib/ld-linux-x86-64.so.2 --library-path /workspace/extra/lib /workspace/extra/node';
      const said = await inside(`ls /sys/class/net; ${node} /workspace/extra/tools/egress-try.mjs ${asked.join(' ')} 2>&1`, { container: { additionalMounts } }, restricted);
      expect(said[0]).toBe('lo');
      const [first, second, ...rest] = said.at(-1)!.split(' ');
      expect(first).toBe('200:model_/v1');
      expect(second).toContain('403:The_network_of_this_agent_is_restricted');
      expect(rest.slice(0, 3)).toEqual(['pong', '403', '403']);
      expect(rest[3]).toContain('403:');
      expect(restricted.refused).toEqual([otherAt, '169.254.169.254:80', 'api.anthropic.com:80']);
      await restricted.close();
      for (const server of [model, other, tls]) server.close();
      home.remove();
    });

    it('"full" is the ordinary network of the engine, with a way to everywhere', async () => {
      const said = await inside('ls /sys/class/net; cut -f 2 /proc/net/route', { container: { network: 'full' } });
      expect(said).toEqual(expect.arrayContaining(['eth0', 'lo']));
      // The route to everything that is not here.
      expect(said).toContain('00000000');
    });
  });

  describe('OPS-02: what is left behind', () => {
    it('OPS-02: after a kill -9 of the application its container is gone with the next start, and no other one', async () => {
      const dir = makeTempDir();
      const foreign = rig.start('serve');
      await ready(foreign);
      const app = spawn(process.execPath, [join(import.meta.dirname, '../../support/agents/orphan-process.ts'), podman.socketPath, podman.image, dir.path], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(app.stdout, 'data');
      app.kill('SIGKILL');
      await once(app, 'exit');
      expect(await names()).toContain('wheelhouse-home-00000000dead');

      const again = makeContainerRig(podman, { dir: dir.path });
      again.orphans.start();
      await until(async () => !(await names()).includes('wheelhouse-home-00000000dead'));
      await until(() => again.removed.length > 0);
      expect(again.removed).toEqual(['wheelhouse-home-00000000dead']);
      expect(await names()).toEqual([foreign.places[0]!.containerName]);
      await foreign.live.abort('aborted');
      await again.close();
      dir.remove();
    });

    it('OPS-02: what is said to a run before the container of a crash is gone reaches the run, not that container', async () => {
      const dir = makeTempDir();
      const crashed = makeContainerRig(podman, { dir: dir.path });
      const before = crashed.start('serve');
      await ready(before);
      const again = makeContainerRig(podman, { dir: dir.path });
      const run = again.start('serve');
      await run.live.followUp('a', 'me');
      await until(() => run.results().includes('heard me'));
      expect(before.results()).toEqual(['ready']);
      await run.live.abort('aborted');
      await before.live.ended;
      await crashed.close();
      await again.close();
      dir.remove();
    });

    it('OPS-02: a container that a crash left before it was started, or after it had ended, goes as well', async () => {
      const label = `${INSTALL_LABEL}=${rig.installId}`;
      podman.exec('create', '--name', 'never-started', '--label', label, '--network', 'none', podman.image, 'ls');
      podman.exec('run', '--name', 'ended', '--label', label, '--network', 'none', podman.image, 'ls');
      await rig.orphans.sweep();
      expect(await names()).toEqual([]);
    });

    it('OPS-02: a run that is alive is no orphan, and a run starts only when those of before are gone', async () => {
      const run = rig.start('serve');
      await ready(run);
      await rig.orphans.sweep();
      expect(await names()).toEqual([run.places[0]!.containerName]);
      await run.live.abort('aborted');
      expect(await names()).toEqual([]);
    });

    it('an engine that goes away in mid-run ends the run with that cause, and its container is removed when it is back', async () => {
      const clock = new FakeClock();
      const hit = makeContainerRig(podman, { clock });
      const run = hit.start('serve');
      await ready(run);
      process.kill(podman.pid(), 'SIGKILL');
      expect(await run.live.ended).toMatchObject({ status: 'failed', cause: 'engine_lost' });
      expect(await hit.start('answer').live.ended).toMatchObject({ status: 'failed', cause: 'not_started' });
      const refusal = (await hit.start('answer').live.ended).error;
      expect(refusal).toContain('the engine is installed, but does not run');

      await podman.restart();
      expect(await names()).toContain(run.places[0]!.containerName);
      await until(async () => {
        clock.advance(60_000);
        return !(await names()).includes(run.places[0]!.containerName!);
      });
      expect(await hit.start('answer').live.ended).toMatchObject({ status: 'succeeded' });
      await hit.close();
    });
  });
});

/** Fills the disk to its last byte and its last file. */
function fill(file: string): void {
  const untilFull = (write: (count: number) => void): void => {
    for (let count = 0; count < 1000; count += 1) {
      try {
        write(count);
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
        return;
      }
    }
  };
  untilFull((count) => writeFileSync(`${file}-${count}`, Buffer.alloc(64 << 10)));
  untilFull((count) => writeFileSync(`${file}-empty-${count}`, ''));
}

/** The bridge of the image's runner and a script that uses it, where a container can be given them. */
function toolsFor(dir: string): string {
  mkdirSync(join(dir, 'agent'), { recursive: true });
  cpSync(join(import.meta.dirname, '../../../resources/agent/src/egress-bridge.ts'), join(dir, 'agent/egress-bridge.ts'));
  cpSync(join(import.meta.dirname, '../../support/agents/egress-try.mjs'), join(dir, 'egress-try.mjs'));
  return dir;
}
