import { describe, expect, it } from 'vitest';
import { containerLimits, containerSpec, containerUser, installId, type ContainerSpecParts } from '../../../main/agents/container-spec.ts';
import type { ContainerSettings, Group } from '../../../main/agents/types.ts';
import { workspaceOf } from '../../../main/agents/workspace.ts';

const container: ContainerSettings = { additionalMounts: [], timeoutMs: null, network: null, memoryMb: null, cpus: null, pids: null };
const group: Group = {
  id: 'g',
  jid: 'console:home',
  name: 'Home',
  folder: 'home',
  trigger: '@Andy',
  requiresTrigger: true,
  isMain: false,
  agentId: 'a',
  paused: false,
  container,
  sessionId: null,
  createdAt: 0,
};
const parts: ContainerSpecParts = {
  runId: '00000000-0000-7000-8000-0123456789ab',
  installId: 'install',
  group,
  image: 'agent:latest',
  engine: 'Docker',
  workspace: workspaceOf({ groups: '/d/groups', mailbox: '/d/data/ipc', agentHomes: '/d/data/sessions' }, 'home'),
  verdicts: [],
  limits: { memoryMb: 512, cpus: 1.5, pids: 100, network: 'none' },
  user: { inside: { uid: 1000, gid: 1000 }, owner: null, keepId: false },
  timeZone: 'Asia/Seoul',
  egressDir: null,
};
const hostConfig = (given: Partial<ContainerSpecParts> = {}) => containerSpec({ ...parts, ...given }).HostConfig;

describe('what the engine is asked for', () => {
  it('a container is locked up in every way', () => {
    expect(containerSpec(parts)).toMatchObject({ name: 'wheelhouse-home-0123456789ab', User: '1000:1000', Tty: false, StdinOnce: true });
    expect(hostConfig()).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: 'none',
      IpcMode: 'private',
      PidsLimit: 100,
      Memory: 512 << 20,
      MemorySwap: 512 << 20,
      NanoCpus: 1_500_000_000,
      AutoRemove: false,
    });
    expect(hostConfig()).not.toHaveProperty('Privileged');
    expect(Object.keys(hostConfig().Tmpfs)).toEqual(['/tmp', '/home/agent']);
  });

  it('the labels of its installation, its run and its group are on it', () => {
    expect(containerSpec(parts).Labels).toEqual({ 'dev.wheelhouse.install': 'install', 'dev.wheelhouse.run': parts.runId, 'dev.wheelhouse.group': 'home' });
  });

  it.each([
    ['none', 'none'],
    ['restricted', 'none'],
    ['full', 'bridge'],
  ] as const)('the network %s is %s for the engine', (network, mode) => {
    expect(hostConfig({ limits: { ...parts.limits, network } }).NetworkMode).toBe(mode);
  });

  it('SEC-03: base mounts are there without any additional ones, and only the four boxes of the mailbox can be written', () => {
    const writable = hostConfig().Mounts.flatMap(({ Target, ReadOnly }) => (ReadOnly ? [] : [Target]));
    expect(writable).toEqual([
      '/workspace/group',
      '/home/agent/.claude',
      '/workspace/ipc/messages',
      '/workspace/ipc/tasks',
      '/workspace/ipc/answers',
      '/workspace/ipc/input',
    ]);
    expect(hostConfig().Mounts.map(({ Target }) => Target)).toContain('/workspace/global');
  });

  it('only the main group writes in the shared memory', () => {
    const global = (isMain: boolean): boolean | undefined => hostConfig({ group: { ...group, isMain } }).Mounts.find(({ Target }) => Target === '/workspace/global')!.ReadOnly;
    expect([global(true), global(false)]).toEqual([false, true]);
  });

  it('limits that nobody set are not sent', () => {
    const open = hostConfig({ limits: { memoryMb: null, cpus: null, pids: null, network: 'none' } });
    for (const key of ['Memory', 'MemorySwap', 'NanoCpus', 'PidsLimit']) expect(open).not.toHaveProperty(key);
  });

  it('a group’s own limits come before those of the settings', () => {
    const settings = { memoryMb: 1, cpus: 2, pids: 3, network: 'full' } as const;
    expect(containerLimits(group, settings)).toEqual(settings);
    expect(containerLimits({ ...group, container: { ...container, memoryMb: 64, network: 'none' } }, settings)).toEqual({ memoryMb: 64, cpus: 2, pids: 3, network: 'none' });
  });
});

describe('who the agent is inside', () => {
  const plain = { name: 'Docker', rootless: false, inVm: false } as const;
  const kim = { uid: 501, gid: 20 };

  it.each([
    ['on Windows and in a virtual machine', { ...plain, inVm: true }, null, '1000', null, false],
    ['on macOS', { ...plain, inVm: true }, kim, '1000', null, false],
    ['of a plain user of the system service', plain, kim, '501', null, false],
    ['of root', plain, { uid: 0, gid: 0 }, '1000', '1000', false],
    ['in the Podman of a user', { ...plain, name: 'Podman', rootless: true } as const, kim, '501', null, true],
  ])('%s', (_where, facts, host, inside, owner, keepId) => {
    const user = containerUser(facts, host);
    expect([String(user.inside.uid), user.owner === null ? null : String(user.owner.uid), user.keepId]).toEqual([inside, owner, keepId]);
  });

  it('rootless Docker is refused, because only root could write there', () => {
    expect(() => containerUser({ ...plain, rootless: true }, kim)).toThrow(/rootless/);
  });
});

describe('OPS-02: the id of an installation', () => {
  it('OPS-02: differs for a copy of the data directory, and for the same path on another machine', () => {
    const ids = [installId('random-1', '/a'), installId('random-1', '/b'), installId('random-2', '/a')];
    expect(new Set(ids).size).toBe(3);
    expect(installId('random-1', '/a')).toBe(ids[0]);
  });
});
