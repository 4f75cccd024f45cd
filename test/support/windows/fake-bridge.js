// Runs in the page before the bundle: `window.wheelhouse` over a snapshot that the test put into `window.fixture`.
// It answers like a core that has nothing older than the snapshot; `window.fixture.fail[name]` makes a call fail.
(() => {
  const { snapshot, history = 0, owners = [], chat = [], output = [], schedule = null } = window.fixture;
  const listeners = new Set();
  const tell = (event) => listeners.forEach((listener) => listener(event));
  const older = (beforeId, limit) => {
    const first = snapshot.events[0]?.id ?? 1;
    const from = Math.min(beforeId ?? first, first) - 1;
    const floor = first - history;
    const count = Math.max(0, Math.min(limit, from - floor + 1));
    const events = Array.from({ length: count }, (_, i) => {
      const id = from - i;
      return { ...snapshot.events[Math.abs(id) % snapshot.events.length], id, ts: new Date(Date.now() - (first - id) * 1000).toISOString() };
    });
    return { events, has_more: from - count >= floor };
  };
  const answers = {
    'snapshot.get': () => snapshot,
    'log.list': ({ before_id, limit }) => older(before_id, limit),
    'messages.list': () => ({ messages: [], has_more: false }),
    'messages.markRead': () => ({ unread: 0 }),
    'owners.list': () => ({ owners }),
    'chat.history': () => ({ messages: chat, has_more: false }),
    'runs.output': ({ run }) => ({ chunks: snapshot.runs.find(({ id }) => id === run)?.state === 'running' ? output : [] }),
    'runs.list': ({ group, which }) => ({ runs: snapshot.runs.filter(({ groupId, endedAt }) => (group === undefined || groupId === group) && (which !== 'ended' || endedAt !== null)), has_more: false }),
    'runs.get': ({ run }) => ({ run: snapshot.runs.find(({ id }) => id === run) }),
    'runs.log': ({ run }) => ({ file: `~/.waiaas/logs/runs/${run}.log`, text: 'Started: 2026-11-20T05:50:12.000Z\nHard timeout: 1830000 ms\nout| Read conversations/2026-11-18-trip.md\nerr| [agent] query ends\nEnded: finished, exit code 0\n', bytes: 190, truncated: false }),
    'mounts.check': ({ mounts }) => ({ verdicts: mounts.map(({ hostPath, readonly }) => ({ hostPath, target: `/workspace/extra/${hostPath.split('/').pop()}`, readOnly: readonly !== false, explanation: null })) }),
    'schedule.upcoming': () => schedule.upcoming,
    'schedule.preview': () => schedule.preview,
    'schedule.runs': () => ({ runs: schedule.runs, has_more: false }),
    'completions.list': () => ({ completions: [], has_more: false }),
    'completions.get': ({ completion_id }) => {
      const completion = snapshot.completions.find(({ id }) => id === completion_id);
      const notice = (id, escalation, createdAt) => ({ id, escalation, createdAt, state: 'delivered', reason: null, deliveredAt: createdAt, attempts: [{ channel: 'telegram', at: createdAt, outcome: 'sent', reason: null }] });
      return { completion, notices: [notice(1, false, completion.seenAt), ...(completion.escalatedAt === null ? [] : [notice(2, true, completion.escalatedAt)])] };
    },
    'notices.list': () => ({ notices: [], has_more: false }),
    'notices.get': ({ notice_id }) => {
      const notice = snapshot.notices.latest.find(({ id }) => id === notice_id);
      return { notice, attempts: notice.deliveries.map(({ channel, state, reason, dueAt, doneAt }) => ({ channel, at: doneAt ?? dueAt, outcome: state === 'sent' ? 'sent' : state === 'dead' ? 'refused' : 'failed', reason })) };
    },
    'settings.set': (settings) => {
      snapshot.settings = { ...snapshot.settings, ...settings };
      tell({ type: 'patch', patch: { settings: snapshot.settings } });
      return snapshot.settings;
    },
    'tasks.update': ({ task_id, status }) => {
      const task = snapshot.tasks.find(({ id }) => id === task_id);
      return { task: { ...task, status: status ?? task.status, version: task.version + 1 } };
    },
  };
  window.fixture.tell = tell;
  window.wheelhouse = {
    call: async (name, args) => {
      const failure = window.fixture.fail?.[name];
      if (failure) return { ok: false, error: { details: {}, retryable: false, ...failure } };
      return { ok: true, result: answers[name]?.(args) ?? {} };
    },
    listen: (listener) => {
      listeners.add(listener);
      queueMicrotask(() => listener({ type: 'snapshot', snapshot }));
      return () => listeners.delete(listener);
    },
  };
})();
