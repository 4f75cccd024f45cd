import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { makeAccess } from '../../support/access-rig.ts';

let rig: ReturnType<typeof makeAccess>;
beforeEach(() => (rig = makeAccess()));
afterEach(() => rig.close());

function refusal(attempt: () => unknown): AppError {
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  }
  throw new Error('it was not refused');
}

describe('adding an agent', () => {
  test('gives it an id, a role and the status active, with a line in the log', () => {
    const agent = rig.agents.add({ name: 'alice', role: 'FE' });
    expect(agent.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(agent).toMatchObject({ name: 'alice', role: 'FE', status: 'active', statusReason: null, createdAt: rig.clock.now() });
    expect(rig.agents.list()).toEqual([agent]);
    expect(rig.events()).toMatchObject([{ kind: 'agent', action: 'added', role: 'FE', subject: `agent:${agent.id}` }]);
  });

  test('refuses a name that is taken, whatever its case or spelling of accents', () => {
    rig.agents.add({ name: 'Zoë', role: 'FE' });
    rig.agents.add({ name: 'bob', role: 'FE' });
    expect(refusal(() => rig.agents.add({ name: 'Zoe\u0308', role: 'BE' })).code).toBe('AGENT_EXISTS');
    expect(refusal(() => rig.agents.add({ name: 'BOB', role: 'BE' })).code).toBe('AGENT_EXISTS');
    expect(rig.agents.list()).toHaveLength(2);
  });

  test('refuses a role that is not configured and names those that are', () => {
    const error = refusal(() => rig.agents.add({ name: 'alice', role: 'QA' }));
    expect(error.code).toBe('ROLE_UNKNOWN');
    expect(error.message).toContain('FE, BE, AI, Producer');
  });

  test.each(['', ' alice', 'alice ', '../etc', 'a/b', 'a\\b', '.hidden', 'a\nb', 'x'.repeat(61)])('refuses the name %j', (name) => {
    expect(refusal(() => rig.agents.add({ name, role: 'FE' })).code).toBe('INPUT_INVALID');
  });

  test.each(['a', '민호', 'claude code 2', 'fe_1.a-b', 'x'.repeat(60)])('takes the name %j', (name) => {
    expect(rig.agents.add({ name, role: 'FE' }).name).toBe(name);
  });
});

describe('finding an agent', () => {
  test('works by id and by name', () => {
    const agent = rig.agents.add({ name: 'alice', role: 'FE' });
    expect(rig.agents.find(agent.id)).toEqual(agent);
    expect(rig.agents.find('ALICE')).toEqual(agent);
  });

  test('a slip is answered with the nearest name, an empty house with the first step', () => {
    expect(refusal(() => rig.agents.find('alice')).message).toContain('Add one first');
    rig.agents.add({ name: 'alice', role: 'FE' });
    const error = refusal(() => rig.agents.find('alcie'));
    expect(error.code).toBe('AGENT_NOT_FOUND');
    expect(error.message).toContain("Did you mean 'alice'?");
    expect(refusal(() => rig.agents.find('zzzzzz')).message).toContain('There are: alice');
  });
});
