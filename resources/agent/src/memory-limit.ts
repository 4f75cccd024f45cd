import { readFileSync, writeFileSync } from 'node:fs';

/** Where the kernel counts what it killed in this container because of its memory limit: cgroups of version 2, and of version 1. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];
/** Enough to be chosen before the runner, whose own value is 0 as a rule; Docker and Podman allow raising it, not lowering. */
const SOONER = 500;

/** How often the kernel killed something in this container for want of memory; 0 where that is not counted. */
export function memoryKills(read: (file: string) => string = (file) => readFileSync(file, 'utf8')): number {
  for (const file of COUNTERS) {
    try {
      const counted = /^oom_kill (\d+)$/m.exec(read(file));
      if (counted !== null) return Number(counted[1]);
    } catch {
      // The other version of cgroups, or no container at all.
    }
  }
  return 0;
}

/**
 * Makes the kernel choose this process, or one that it starts, when the container runs out of memory, and not the runner:
 * somebody has to be left who says why the run ended. Engines do not always know.
 */
export function killedFirst(pid: number, write: (file: string, value: string) => void = writeFileSync): void {
  try {
    write(`/proc/${pid}/oom_score_adj`, String(SOONER));
  } catch {
    // Not Linux, or it has ended already: then nothing is lost but the better sentence.
  }
}
