import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { engineAddresses, parseEngineAddress, type EngineSurroundings } from '../../../main/agents/engine-address.ts';
import { FrameReader, separate } from '../../../main/agents/engine-frames.ts';
import { engineFacts, explainNoEngine } from '../../../main/agents/engine-report.ts';
import { Engine } from '../../../main/agents/engine.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const linux: EngineSurroundings = { platform: 'linux', home: '/home/kim', env: { XDG_RUNTIME_DIR: '/run/user/1000' }, engineHost: '' };
const addresses = (given: Partial<EngineSurroundings>): string[] => engineAddresses({ ...linux, ...given }).map((address) => address.text);

describe('OPS-01: where engines are looked for', () => {
  it('OPS-01: the usual sockets of Docker and Podman', () => {
    expect(addresses({})).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/1000/podman/podman.sock',
      'unix:///run/user/1000/docker.sock',
      'unix:///run/podman/podman.sock',
      'unix:///home/kim/.docker/desktop/docker.sock',
    ]);
    expect(addresses({ platform: 'win32', home: 'C:/Users/kim' })[0]).toBe('npipe:////./pipe/docker_engine');
    expect(addresses({ platform: 'darwin', home: '/Users/kim' })[0]).toBe('unix:///Users/kim/.docker/run/docker.sock');
  });

  it('DOCKER_HOST alone when it is set, and the setting before that', () => {
    expect(addresses({ env: { DOCKER_HOST: 'unix:///tmp/my.sock' } })).toEqual(['unix:///tmp/my.sock']);
    expect(addresses({ env: { DOCKER_HOST: 'unix:///tmp/my.sock' }, engineHost: 'tcp://127.0.0.1:2375' })).toEqual(['tcp://127.0.0.1:2375']);
  });

  it.each([
    ['unix:///run/x.sock', { kind: 'socket', path: '/run/x.sock' }],
    ['/run/x.sock', { kind: 'socket', path: '/run/x.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
    ['tcp://127.0.0.1:4243', { kind: 'tcp', host: '127.0.0.1', port: 4243, tls: null }],
    ['tcp://localhost', { kind: 'tcp', host: 'localhost', port: 2375 }],
    ['http://[::1]:99', { kind: 'tcp', host: '::1', port: 99 }],
    ['127.0.0.1:2375', { kind: 'tcp', host: '127.0.0.1', port: 2375 }],
  ])('%s is read', (given, expected) => {
    expect(parseEngineAddress(given, 'DOCKER_HOST', {})).toMatchObject(expected);
  });

  it.each([
    ['ssh://nas', 'leads over SSH'],
    ['tcp://192.168.0.7:2375', 'is another machine'],
    ['https://127.0.0.1:2376', 'DOCKER_CERT_PATH names no folder'],
    ['gopher://127.0.0.1', 'must begin with'],
    ['tcp://', 'names no host'],
    ['tcp://a b', 'is not an address'],
  ])('%s is refused because it %s', (given, why) => {
    expect(() => parseEngineAddress(given, 'DOCKER_HOST', {})).toThrow(why);
  });

  it('certificates of DOCKER_CERT_PATH are read, a missing one is named', () => {
    const dir = makeTempDir();
    for (const name of ['ca', 'cert']) writeFileSync(join(dir.path, `${name}.pem`), name);
    const env = { DOCKER_CERT_PATH: dir.path, DOCKER_TLS_VERIFY: '1' };
    expect(() => parseEngineAddress('tcp://127.0.0.1', 'DOCKER_HOST', env)).toThrow(/key\.pem/);
    writeFileSync(join(dir.path, 'key.pem'), 'key');
    expect(parseEngineAddress('tcp://127.0.0.1', 'DOCKER_HOST', env)).toMatchObject({ port: 2376, tls: { ca: 'ca', cert: 'cert', key: 'key' } });
    dir.remove();
  });
});

describe('OPS-01: why no engine answers', () => {
  it.each([
    [['ENOENT', 'ENOENT'], 'No container engine was found.', 'Install Docker or Podman.'],
    [['ENOENT', 'ECONNREFUSED'], 'Nobody listens at b', 'Start it: sudo systemctl start docker'],
    [['ECONNREFUSED', 'EACCES'], 'b is there, but you may not use it', 'usermod -aG docker'],
    [['TIMEOUT', 'ENOENT'], 'a does not answer', 'Restart the container engine'],
    [['HTTP 500'], 'does not answer as a container engine does (HTTP 500)', 'another program'],
  ])('OPS-01: %j means "%s" and "%s"', (problems, cause, cure) => {
    const said = explainNoEngine(problems.map((problem, index) => ({ address: 'abc'[index]!, problem })), 'linux');
    expect(said.cause).toContain(cause);
    expect(said.cure).toContain(cure);
  });

  it.skipIf(process.platform === 'win32')('OPS-01: a real socket that nobody serves, a folder, an answer that is none', async () => {
    const dir = makeTempDir();
    const connect = async (engineHost: string) => new Engine({ ...linux, engineHost }).connect();
    await expect(connect(`unix://${dir.path}/none.sock`)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE', details: { tried: [{ problem: 'ENOENT' }] } });
    mkdirSync(join(dir.path, 'folder'));
    await expect(connect(`unix://${dir.path}/folder`)).rejects.toMatchObject({ details: { tried: [{ problem: 'ECONNREFUSED' }] } });

    const server = createServer((_request, response) => response.writeHead(500).end('"broken"')).listen(join(dir.path, 'odd.sock'));
    await once(server, 'listening');
    const engine = new Engine({ ...linux, engineHost: `unix://${dir.path}/odd.sock` });
    await expect(engine.connect()).rejects.toMatchObject({ details: { tried: [{ problem: 'HTTP 500' }] } });
    server.removeAllListeners('request').on('request', (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"Version":"27.1"}'));
    expect((await engine.connect()).facts).toMatchObject({ name: 'Docker', version: '27.1' });
    server.close();
    dir.remove();
  });
});

describe('what an engine says about itself', () => {
  it('Podman is told from Docker, rootless from not, and what it cannot limit', () => {
    const version = { Version: '4.3.1', Arch: 'amd64', Components: [{ Name: 'Podman Engine', Version: '4.3.1' }] };
    const info = { NCPU: 2, MemTotal: 4 << 30 >>> 0, SecurityOptions: ['name=seccomp', 'name=rootless'], MemoryLimit: true, PidsLimit: false, CpuCfsQuota: false };
    expect(engineFacts({ version, info }, 'unix:///x', 'linux')).toMatchObject({ name: 'Podman', rootless: true, inVm: false, missingLimits: ['pids', 'cpus'] });
    expect(engineFacts({ version: {}, info: { OperatingSystem: 'Docker Desktop' } }, 'x', 'linux')).toMatchObject({ name: 'Docker', version: 'unknown', inVm: true, missingLimits: [] });
  });
});

describe('the frames of an engine', () => {
  const frame = (kind: number, payload: Buffer): Buffer => {
    const header = Buffer.alloc(8);
    header[0] = kind;
    header.writeUInt32BE(payload.length, 4);
    return Buffer.concat([header, payload]);
  };

  it('are taken apart whatever the chunks are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })), { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(([kind, payload]) => frame(kind, Buffer.from(payload))));
        const reader = new FrameReader();
        const got = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
        for (let at = 0, chunk = 0; at < bytes.length; chunk += 1) {
          const size = sizes[chunk % sizes.length]!;
          for (const { stream, payload } of reader.push(bytes.subarray(at, at + size))) got[stream] = Buffer.concat([got[stream], payload]);
          at += size;
        }
        const expected = (kind: number): Buffer => Buffer.concat(sent.filter(([of]) => of === kind).map(([, payload]) => payload));
        expect(got.stdout.equals(expected(1))).toBe(true);
        expect(got.stderr.equals(expected(2))).toBe(true);
      }),
    );
  });

  it('bytes that are no frames end both streams with an error', async () => {
    const source = new PassThrough();
    const { stdout, stderr } = separate(source);
    source.write('HTTP/1.1 500 nonsense');
    const [first, second] = await Promise.allSettled([text(stdout), text(stderr)]);
    expect([first.status, second.status]).toEqual(['rejected', 'rejected']);
  });
});
