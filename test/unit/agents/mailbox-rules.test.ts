import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRequestName } from '../../../main/agents/mailbox-claims.ts';
import { parseRequest, type MailboxRequest } from '../../../main/agents/mailbox-requests.ts';
import { judge } from '../../../main/agents/mailbox-rules.ts';
import { RequestRate } from '../../../main/agents/request-rate.ts';
import { AppError } from '../../../main/base/errors.ts';

const JSON_VALUE = fc.jsonValue({ maxDepth: 2 });
const main = { id: 'main', isMain: true };
const work = { id: 'work', isMain: false };
const family = { id: 'family', isMain: false };

const request = (value: object, box: 'messages' | 'tasks' = 'tasks'): MailboxRequest => parseRequest(box, value);
const message = request({ type: 'message', chatJid: 'c', text: 'x' }, 'messages');
const schedule = request({ type: 'schedule_task', prompt: 'x', schedule_type: 'once', schedule_value: 'x', targetJid: 'c' });
const pause = request({ type: 'pause_task', taskId: 't' });
const resume = request({ type: 'resume_task', taskId: 't' });
const cancel = request({ type: 'cancel_task', taskId: 't' });
const list = request({ type: 'list_tasks' });
const register = request({ type: 'register_group', jid: 'c', name: 'n', folder: 'f', trigger: '@A' });
const refresh = request({ type: 'refresh_groups' });
const team = request({ type: 'team_call', tool: 'whoami' });

describe('IPC-02: who may ask for what', () => {
  it.each([
    // request, caller, the group of the named chat, whether the named task is the caller's to touch, verdict
    ['message', message, main, main, false, 'yes'],
    ['message', message, main, work, false, 'yes'],
    ['message', message, main, null, false, 'yes'],
    ['message', message, work, work, false, 'yes'],
    ['message', message, work, main, false, 'FORBIDDEN'],
    ['message', message, work, family, false, 'FORBIDDEN'],
    ['message', message, work, null, false, 'FORBIDDEN'],
    ['schedule_task', schedule, main, main, false, 'yes'],
    ['schedule_task', schedule, main, work, false, 'yes'],
    ['schedule_task', schedule, main, null, false, 'NOT_FOUND'],
    ['schedule_task', schedule, work, work, false, 'yes'],
    ['schedule_task', schedule, work, main, false, 'FORBIDDEN'],
    ['schedule_task', schedule, work, family, false, 'FORBIDDEN'],
    ['schedule_task', schedule, work, null, false, 'FORBIDDEN'],
    ['pause_task', pause, main, null, true, 'yes'],
    ['pause_task', pause, main, null, false, 'NOT_FOUND'],
    ['pause_task', pause, work, null, true, 'yes'],
    ['pause_task', pause, work, null, false, 'FORBIDDEN'],
    ['resume_task', resume, main, null, true, 'yes'],
    ['resume_task', resume, work, null, true, 'yes'],
    ['resume_task', resume, work, null, false, 'FORBIDDEN'],
    ['cancel_task', cancel, main, null, true, 'yes'],
    ['cancel_task', cancel, work, null, true, 'yes'],
    ['cancel_task', cancel, work, null, false, 'FORBIDDEN'],
    ['list_tasks', list, main, null, false, 'yes'],
    ['list_tasks', list, work, null, false, 'yes'],
    ['register_group', register, main, null, false, 'yes'],
    ['register_group', register, work, null, false, 'FORBIDDEN'],
    ['refresh_groups', refresh, main, null, false, 'yes'],
    ['refresh_groups', refresh, work, null, false, 'FORBIDDEN'],
    ['team_call', team, main, null, false, 'yes'],
    ['team_call', team, work, null, false, 'yes'],
  ] as const)('%s %#', (_, asked, caller, target, theirs, expected) => {
    const verdict = judge({ request: asked, caller, target, tasks: new Set(theirs ? ['t'] : ['other']) });
    expect(verdict.allowed ? 'yes' : verdict.code).toBe(expected);
  });

  it('answers the same for a task that is not there and for one of somebody else', () => {
    const missing = judge({ request: pause, caller: work, target: null, tasks: new Set() });
    const foreign = judge({ request: pause, caller: work, target: null, tasks: new Set(['mine']) });
    expect(missing).toEqual(foreign);
  });
});

describe('IPC-01: the shape of a request', () => {
  const refusal = (box: 'messages' | 'tasks', value: unknown): string => {
    try {
      parseRequest(box, value);
    } catch (error) {
      if (error instanceof AppError && error.code === 'INPUT_INVALID') return error.message;
      throw error;
    }
    return 'nothing was refused';
  };

  it.each([
    ['messages', null, 'must be a JSON object'],
    ['messages', [], 'must be a JSON object'],
    ['messages', {}, 'type is missing; in messages/ it must be one of message'],
    ['messages', { type: 'list_tasks' }, 'type is "list_tasks"; in messages/'],
    ['tasks', { type: 'message', chatJid: 'c', text: 'x' }, 'in tasks/ it must be one of schedule_task'],
    ['tasks', { type: 'toString' }, 'type is "toString"'],
    ['tasks', { type: ['message'] }, 'type is ["message"]'],
    ['messages', { type: 'message', chatJid: 'c' }, 'text must be text of 1 to 100000 characters'],
    ['messages', { type: 'message', chatJid: 'c', text: '' }, 'text must be text'],
    ['messages', { type: 'message', chatJid: 7, text: 'x' }, 'chatJid must be text'],
    ['messages', { type: 'message', chatJid: 'c', text: 'x'.repeat(100_001) }, 'text must be text of 1 to 100000'],
    ['tasks', { type: 'schedule_task', prompt: 'x', schedule_type: 'daily', schedule_value: 'x', targetJid: 'c' }, 'schedule_type must be one of cron, interval, once'],
    ['tasks', { type: 'pause_task' }, 'taskId must be text'],
    ['tasks', { type: 'register_group', jid: 'c' }, 'name must be text of 1 to 200 characters; folder must be text'],
    ['tasks', { type: 'register_group', jid: 'c', name: 'n', folder: 'f', trigger: '@A', containerConfig: { timeout: -1 } }, 'timeout must be at least'],
    ['tasks', { type: 'team_call', tool: 'whoami', arguments: [] }, 'arguments must be an object'],
  ] as const)('in %s/ %j is refused', (box, value, reason) => {
    expect(refusal(box, value)).toContain(reason);
  });

  it('gives a request or a reason for whatever comes, 10,000 times', () => {
    const types = ['message', 'schedule_task', 'list_tasks', 'pause_task', 'resume_task', 'cancel_task', 'register_group', 'refresh_groups', 'team_call', '__proto__', ''];
    const fields = ['chatJid', 'text', 'prompt', 'schedule_type', 'schedule_value', 'context_mode', 'targetJid', 'taskId', 'jid', 'name', 'folder', 'trigger', 'requiresTrigger', 'containerConfig', 'tool', 'arguments'];
    const near = fc.record({ type: fc.constantFrom(...types), fields: fc.dictionary(fc.constantFrom(...fields), fc.oneof(fc.string(), JSON_VALUE), { maxKeys: 6 }) }).map(({ type, fields }) => ({ ...fields, type }));
    let requests = 0;
    const property = fc.property(fc.constantFrom('messages', 'tasks'), fc.oneof({ weight: 4, arbitrary: near }, JSON_VALUE), (box, value) => {
      try {
        requests += 1;
        return types.includes(parseRequest(box, value).type);
      } catch (error) {
        requests -= 1;
        return error instanceof AppError && error.code === 'INPUT_INVALID' && error.message.endsWith('.');
      }
    });
    fc.assert(property, { numRuns: 10_000 });
    // Both ends were reached.
    expect(requests).toBeGreaterThan(100);
    expect(requests).toBeLessThan(9900);
  });

  it('takes any other context_mode for a conversation of its own, and a missing one too', () => {
    const scheduled = { type: 'schedule_task', prompt: 'x', schedule_type: 'cron', schedule_value: '* * * * *', targetJid: 'c' };
    const mode = (value: object) => (request({ ...scheduled, ...value }) as { context_mode: string }).context_mode;
    expect([mode({ context_mode: 'group' }), mode({ context_mode: 'isolated' }), mode({ context_mode: 'bogus' }), mode({})]).toEqual(['group', 'isolated', 'isolated', 'isolated']);
  });

  it('keeps nothing of what a file says about who asks', () => {
    expect(request({ type: 'list_tasks', groupFolder: 'main', isMain: true, createdBy: 'main', timestamp: 'now' })).toEqual({ type: 'list_tasks' });
  });
});

describe('the name of a request', () => {
  it.each(['1700000000000-ab12cd.json', 'x.json', 'A-b_c.d@e+f.json'])('%s is fine', (name) => expect(isRequestName(name)).toBe(true));
  it.each(['.json', '.hidden.json', 'a b.json', 'a~b.json', '안녕.json', 'a\nb.json', 'a.json.tmp', `${'x'.repeat(181)}.json`])('%j is not', (name) => expect(isRequestName(name)).toBe(false));
});

describe('how often a group may ask', () => {
  it('gives all of a minute at once, refuses, and fills evenly again', () => {
    const rate = new RequestRate(60, 0);
    const granted = Array.from({ length: 60 }, () => rate.take(0).granted);
    expect(granted.every(Boolean)).toBe(true);
    expect(rate.take(0)).toEqual({ granted: false, first: true, retryAfterMs: 1000 });
    expect(rate.take(0)).toEqual({ granted: false, first: false, retryAfterMs: 1000 });
    expect(rate.take(1000)).toEqual({ granted: true });
    expect(rate.take(1500)).toEqual({ granted: false, first: true, retryAfterMs: 500 });
  });

  it('never saves up more than a minute', () => {
    const rate = new RequestRate(2, 0);
    expect([rate.take(3_600_000), rate.take(3_600_000), rate.take(3_600_000)].map(({ granted }) => granted)).toEqual([true, true, false]);
  });
});
