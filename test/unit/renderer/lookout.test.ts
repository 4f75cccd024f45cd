import { describe, expect, it } from 'vitest';
import { currentWork, leaseEnd, needsOf } from '../../../renderer/state/lookout.ts';
import { ids, message, NOW, renewal, snapshot, task } from './samples.ts';

describe('what needs the person', () => {
  it('comes in order of pressure: faults, questions, stuck work, news', () => {
    const agent = { id: 'a', name: 'be-1', role: 'BE', status: 'suspended', statusReason: 'loop', createdAt: '', liveSessions: 0, lastSeenAt: null } as const;
    const needs = needsOf(
      snapshot({
        status: { state: 'degraded', problems: [{ code: 'DISK_FULL', message: 'full' }], killSwitch: 'NORMAL', needsYou: 2, working: 0 },
        messages: [message(1), message(2, { ack_required: true, read_at: 'then' })],
        tasks: [task(1, { status: 'blocked' }), task(2, { released_reason: 'session revoked' })],
        agents: [agent],
        renewals: [renewal(1, 's', 1, 5), renewal(2, 't', 1, 0)],
      }),
      NOW,
    );
    expect(needs.map(({ kind }) => kind)).toEqual(['problem', 'renewal', 'message', 'blocked', 'dropped', 'suspended', 'message']);
    expect(needs[2]).toMatchObject({ wantsAck: true, message: { id: 2 } });
  });

  it('leaves out what is settled or not addressed to the person', () => {
    const settled = [message(1, { read_at: 'a' }), message(2, { read_at: 'a', ack_required: true, acked_at: 'b' }), message(3, { to_role: 'FE' })];
    const tasks = [task(1), task(2, { status: 'done', released_reason: 'old' })];
    expect(needsOf(snapshot({ messages: settled, tasks }), NOW)).toEqual([]);
  });

  it('goes by the role in which the person acts', () => {
    expect(needsOf(snapshot({ coordinator: 'Lead', messages: [message(1), message(2, { to_role: 'Lead' })] }), NOW)).toHaveLength(1);
  });
});

describe('current work', () => {
  it('is what is claimed, the latest claim first', () => {
    const held = (id: number, at: string) => task(id, { status: 'in_progress', held_by: 'BE', claimed_at: at });
    expect(ids(currentWork([held(1, '09:00'), task(2), held(3, '10:00'), task(4, { status: 'blocked', held_by: 'BE' })]))).toEqual([3, 1]);
  });
});

describe('the end of a lease', () => {
  const receivedAt = Date.parse('2026-11-20T09:00:00Z');

  it('is what the core says when the clocks agree', () => {
    expect(leaseEnd({ expires_at: '2026-11-20T09:01:39.500Z', ttl_remaining: 100 }, receivedAt)).toBe(Date.parse('2026-11-20T09:01:39.500Z'));
  });

  it('is counted from the arrival when this machine has another time', () => {
    expect(leaseEnd({ expires_at: '2026-11-20T11:01:40Z', ttl_remaining: 100 }, receivedAt)).toBe(receivedAt + 100_000);
  });
});
