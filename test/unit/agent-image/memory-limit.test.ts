import { describe, expect, it } from 'vitest';
import { killedFirst, memoryKills } from '../../../resources/agent/src/memory-limit.ts';

describe('the memory limit, seen from inside', () => {
  it.each([
    ['version 2 of cgroups', '/sys/fs/cgroup/memory.events', 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n', 2],
    ['version 1 of cgroups', '/sys/fs/cgroup/memory/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n', 1],
    ['an old kernel, which does not count', '/sys/fs/cgroup/memory/memory.oom_control', 'oom_kill_disable 0\nunder_oom 0\n', 0],
    ['no container', '/nowhere', '', 0],
  ])('counts what was killed with %s', (_where, there, text, kills) => {
    const read = (file: string): string => {
      if (file === there) return text;
      throw new Error('ENOENT');
    };
    expect(memoryKills(read)).toBe(kills);
  });

  it('lets Claude Code be chosen before the runner, and does without where that is refused', () => {
    const written: string[] = [];
    killedFirst(42, (file, value) => void written.push(`${file} ${value}`));
    expect(written).toEqual(['/proc/42/oom_score_adj 500']);
    const refuse = (): never => {
      throw new Error('EACCES');
    };
    expect(() => killedFirst(42, refuse)).not.toThrow();
  });
});
