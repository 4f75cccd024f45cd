import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { startCoreProcess } from './core-process.ts';
import { RawConnection, toolCall } from './raw-connection.ts';
import { median } from './statistics.ts';

export interface Footprint {
  /** Median of several starts. */
  readonly healthyAfterMs: number;
  /** Resident memory after the start, and after agents have worked with it; null where /proc is missing. */
  readonly idleMb: number | null;
  readonly workedMb: number | null;
  /** Share of one processor while nothing happens; null where /proc is missing. */
  readonly idleCpuPercent: number | null;
}

/** Kernel clock ticks per second, which Linux fixes for what it shows in /proc. */
const TICKS_PER_SEC = 100;
const SETTLE_MS = 3000;
const CALLS = 2000;

/** The headless core as a process: how long it takes to start, and what it costs while it waits. */
export async function benchFootprint(starts: number, idleMs: number): Promise<Footprint> {
  const times: number[] = [];
  for (let n = 1; n < starts; n += 1) {
    const core = await startCoreProcess();
    times.push(core.healthyAfterMs);
    await core.stop();
  }
  const core = await startCoreProcess();
  try {
    times.push(core.healthyAfterMs);
    const pid = core.child.pid!;
    await pause(SETTLE_MS);
    const idleMb = residentMb(pid);
    const before = processorMs(pid);
    await pause(idleMs);
    const after = processorMs(pid);
    const target = await core.target('BE');
    const connection = await RawConnection.open(target);
    for (let n = 0; n < CALLS; n += 1) await connection.call(toolCall(target, n, 'post_message', { to_role: 'FE', body: `message ${n}` }));
    connection.close();
    await pause(SETTLE_MS);
    return {
      healthyAfterMs: median(times),
      idleMb,
      workedMb: residentMb(pid),
      idleCpuPercent: before === null || after === null ? null : ((after - before) / idleMs) * 100,
    };
  } finally {
    await core.stop();
  }
}

function residentMb(pid: number): number | null {
  const status = readProc(pid, 'status');
  return status === null ? null : Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1024;
}

/** User and system time that the process has used. */
function processorMs(pid: number): number | null {
  const stat = readProc(pid, 'stat');
  if (stat === null) return null;
  // The name in parentheses may hold spaces, so fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SEC) * 1000;
}

function readProc(pid: number, file: string): string | null {
  if (process.platform !== 'linux') return null;
  return readFileSync(`/proc/${pid}/${file}`, 'utf-8');
}
