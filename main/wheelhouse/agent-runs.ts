import type { TaskRuns } from '../schedule/ports.ts';
import type { Store } from '../store/store.ts';

/** Puts runs of scheduled tasks into the durable queue of the agents, which takes them from there. */
export function agentRuns({ db }: Store): TaskRuns {
  return {
    enqueue(tx, { scheduleRunId, groupId, prompt, contextMode }) {
      db.prepare(
        `INSERT INTO runs (id, group_id, kind, state, prompt, context_mode, schedule_run_id, not_before, queued_at)
         VALUES (@id, @groupId, 'task', 'queued', @prompt, @contextMode, @id, @now, @now)`,
      ).run({ id: scheduleRunId, groupId, prompt, contextMode, now: tx.now });
      tx.event({ kind: 'run', action: 'queued', subject: `run:${scheduleRunId}`, text: 'A scheduled task waits for its agent', data: { group: groupId, kind: 'task' } });
    },
    withdraw(_tx, scheduleRunId) {
      db.prepare("DELETE FROM runs WHERE schedule_run_id = ? AND state = 'queued'").run(scheduleRunId);
    },
  };
}
