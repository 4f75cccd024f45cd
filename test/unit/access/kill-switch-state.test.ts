import { describe, expect, test } from 'vitest';
import {
  KILL_SWITCH_KEYS,
  KILL_SWITCH_STATES,
  nextState,
  NORMAL,
  parseRecord,
  parseState,
  storedRecord,
  type KillSwitchAction,
  type KillSwitchRecord,
} from '../../../main/access/kill-switch-state.ts';
import { refusalOf } from '../../support/kill-switch-rig.ts';

const RECOVERING: KillSwitchRecord = {
  state: 'RECOVERING',
  activatedAt: '2026-11-20T09:00:00.000Z',
  reason: 'laptop "lost"\n잃어버림',
  actor: 'admin',
  recovery: { id: 'r1', hasOwner: true, waitSeconds: 1800, eligibleAt: 1_795_168_800, checkpoint: { leftMs: 1_800_000, wall: 1_795_167_000_000, sinceBoot: 5_000_000.5 } },
};

describe('transitions', () => {
  const table: readonly (readonly [KillSwitchAction, readonly [string, string, string]])[] = [
    ['activate', ['ACTIVATED', 'KILL_SWITCH_ALREADY_ACTIVE 409', 'KILL_SWITCH_ALREADY_ACTIVE 409']],
    ['start recovery', ['KILL_SWITCH_NOT_ACTIVE 409', 'RECOVERING', 'RECOVERY_ALREADY_STARTED 409']],
    ['finish recovery', ['KILL_SWITCH_NOT_ACTIVE 409', 'INVALID_RECOVERY_STATE 409', 'NORMAL']],
    ['cancel recovery', ['KILL_SWITCH_NOT_ACTIVE 409', 'INVALID_RECOVERY_STATE 409', 'ACTIVATED']],
  ];
  const cases = table.flatMap(([action, ends]) => KILL_SWITCH_STATES.map((state, at) => ({ action, state, end: ends[at]! })));

  test.each(cases)('$action in $state: $end', async ({ action, state, end }) => {
    const outcome = end.includes(' ') ? await refusalOf(() => nextState(state, action)) : nextState(state, action);
    expect(outcome).toBe(end);
  });
});

describe('what is stored', () => {
  test.each([NORMAL, { ...RECOVERING, state: 'ACTIVATED', recovery: null } as const, RECOVERING])('is read back as it was: $state', (record) => {
    expect(parseRecord(storedRecord(record))).toEqual(record);
  });

  test('has the keys and forms of the seed', () => {
    const stored = storedRecord(RECOVERING);
    expect(stored.get('kill_switch_status')).toBe('"RECOVERING"');
    expect(stored.get('recovery_eligible_at')).toBe('1795168800');
    expect(stored.get('recovery_wait_seconds')).toBe('1800');
    expect(storedRecord(NORMAL).get('recovery_eligible_at')).toBe('null');
  });

  test.each([undefined, '', 'NORMAL', '"normal"', 'null', '{}', '"NORMAL', '"NORMAL "', '["NORMAL"]'])('a state of %j counts as ACTIVATED', (text) => {
    expect(parseState(text)).toBe('ACTIVATED');
  });

  test('NORMAL is NORMAL whatever else is left over', () => {
    expect(parseRecord(new Map([...storedRecord(RECOVERING), ['kill_switch_status', '"NORMAL"']]))).toEqual(NORMAL);
  });

  const damage: readonly (readonly [keyof typeof KILL_SWITCH_KEYS, string | null])[] = (['eligibleAt', 'waitSeconds', 'hasOwner', 'progress'] as const).flatMap((key) =>
    [null, '', 'null', '"1795168800"', 'NaN', '{', '[]', '-5', '0', '1.5', 'true', '{"id":"r1"}']
      .filter((value) => !(key === 'hasOwner' && value === 'true'))
      .map((value) => [key, value] as const),
  );
  test.each([
    ...damage,
    ['progress', '{"id":"r1","left_ms":1800001,"wall_ms":1,"since_boot_ms":1}'],
    ['progress', '{"id":"r1","left_ms":-1,"wall_ms":1,"since_boot_ms":1}'],
    ['progress', '{"id":"r1","left_ms":null,"wall_ms":1,"since_boot_ms":1}'],
    ['progress', '{"id":1,"left_ms":1,"wall_ms":1,"since_boot_ms":1}'],
  ] as const)('a recovery whose %s is %j is no recovery, and the state stays RECOVERING', (key, value) => {
    const stored = new Map(storedRecord(RECOVERING));
    if (value === null) stored.delete(KILL_SWITCH_KEYS[key]);
    else stored.set(KILL_SWITCH_KEYS[key], value);
    expect(parseRecord(stored)).toMatchObject({ state: 'RECOVERING', recovery: null });
  });

  test.each([
    ['activatedAt', '"yesterday"'],
    ['activatedAt', '5'],
    ['reason', '7'],
    ['actor', '"burglar"'],
  ] as const)('a lost %s is told as unknown', (key, value) => {
    const stored = new Map([...storedRecord(RECOVERING), [KILL_SWITCH_KEYS[key], value] as const]);
    expect(parseRecord(stored)).toEqual({ ...RECOVERING, [key]: null });
  });
});
