import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { busInputs, parseBusInput, type BusInputName } from '../../../main/bus/inputs.ts';

const names = Object.keys(busInputs) as BusInputName[];

describe('defaults', () => {
  test('a reader that says nothing gets the first hundred of everything, unmarked, at once', () => {
    expect(parseBusInput('readInbox', {})).toEqual({ after_id: 0, limit: 100, mark_read: false, unread_only: false, wait_sec: 0 });
    expect(parseBusInput('readLog', {})).toEqual({ after_id: 0, limit: 100 });
    expect(parseBusInput('acquireLock', { resource: 'compose' })).toEqual({ resource: 'compose', mode: 'exclusive', wait_sec: 0 });
  });

  test('an empty string is "not given" where seed 001 sends one', () => {
    expect(parseBusInput('listTasks', { status: '', assignee_role: '' })).toEqual({ limit: 100 });
    expect(parseBusInput('postMessage', { to_role: 'BE', body: 'x', thread_id: '' })).toEqual({ to_role: 'BE', body: 'x' });
    expect(parseBusInput('updateTask', { task_id: 1, status: 'done', note: '' })).toEqual({ task_id: 1, status: 'done' });
  });

  test('dependencies are a set', () => {
    expect(parseBusInput('createTask', { title: 't', assignee_role: 'FE', depends_on: [7, 3, 7] })).toMatchObject({ depends_on: [3, 7] });
  });
});

describe('rules', () => {
  const task = { title: 't', assignee_role: 'FE' };
  const key = 'x'.repeat(200);

  test.each<[BusInputName, object]>([
    ['postMessage', { to_role: '프론트', body: '\n', importance: 'urgent', ack_required: true, reply_to: 1, idempotency_key: key }],
    ['createTask', { ...task, title: 'x'.repeat(300), priority: 5 }],
    ['acquireLock', { resource: 'src/**/한글 [x].ts', ttl_sec: 5, wait_sec: 50, mode: 'shared' }],
    ['acquireLock', { resource: 'x'.repeat(200), ttl_sec: 3600 }],
    ['listLog', { kinds: ['lock', 'task'], limit: 500, query: '배포' }],
  ])('%s allows %j', (name, input) => {
    expect(() => parseBusInput(name, input)).not.toThrow();
  });

  test.each<[BusInputName, unknown, string]>([
    ['postMessage', { to_role: 'BE', body: '' }, 'body must not be empty.'],
    ['postMessage', { to_role: 'BE', body: 5 }, 'body must be text.'],
    ['postMessage', { body: 'x' }, 'to_role must be 1 to 40 printable characters without a space at either end.'],
    ['postMessage', { to_role: ' BE', body: 'x' }, 'to_role must be 1 to 40 printable characters without a space at either end.'],
    ['postMessage', { to_role: 'B\nE', body: 'x' }, 'to_role must be 1 to 40 printable characters without a space at either end.'],
    ['postMessage', { to_role: 'BE', body: 'x', importance: 'huge' }, 'importance must be one of low, normal, high, urgent.'],
    ['postMessage', { to_role: 'BE', body: 'x', idempotency_key: '' }, 'idempotency_key must be 1 to 200 printable characters without a space at either end.'],
    ['postMessage', { to_role: 'BE', body: 'x', idempotency_key: `${key}x` }, 'idempotency_key must be 1 to 200 printable characters without a space at either end.'],
    ['readInbox', { after_id: -1 }, 'after_id must be an integer of at least 0.'],
    ['readInbox', { after_id: 1.5 }, 'after_id must be an integer of at least 0.'],
    ['readInbox', { after_id: 2 ** 53 }, 'after_id must be an integer of at least 0.'],
    ['readInbox', { limit: 0 }, 'limit must be an integer from 1 to 500.'],
    ['readInbox', { limit: 501 }, 'limit must be an integer from 1 to 500.'],
    ['readInbox', { wait_sec: 51 }, 'wait_sec must be an integer from 0 to 50.'],
    ['readInbox', { mark_read: 'yes' }, 'mark_read must be true or false.'],
    ['createTask', { ...task, title: '' }, 'title must be text of 1 to 300 characters.'],
    ['createTask', { ...task, title: 'x'.repeat(301) }, 'title must be text of 1 to 300 characters.'],
    ['createTask', { ...task, priority: 6 }, 'priority must be an integer from 1 to 5.'],
    ['createTask', { ...task, depends_on: [0] }, 'depends_on must be an integer of at least 1.'],
    ['createTask', { ...task, depends_on: 3 }, 'depends_on must be a list of task ids.'],
    ['updateTask', { task_id: 1, status: 'bogus' }, 'status must be one of open, in_progress, blocked, done, cancelled.'],
    ['listTasks', { status: 'bogus' }, 'status must be one of open, in_progress, blocked, done, cancelled.'],
    ['reassignTask', { task_id: 1, assignee_role: 'FE', reason: '' }, 'reason must be text of 1 to 500 characters.'],
    ['acquireLock', { resource: '' }, 'resource must be 1 to 200 printable characters without a space at either end.'],
    ['acquireLock', { resource: 'x'.repeat(201) }, 'resource must be 1 to 200 printable characters without a space at either end.'],
    ['acquireLock', { resource: 'a', ttl_sec: 4 }, 'ttl_sec must be an integer from 5 to 3600.'],
    ['acquireLock', { resource: 'a', ttl_sec: 3601 }, 'ttl_sec must be an integer from 5 to 3600.'],
    ['acquireLock', { resource: 'a', mode: 'both' }, 'mode must be one of exclusive, shared.'],
    ['releaseLock', { resource: 'a', fence: 0 }, 'fence must be an integer of at least 1.'],
    ['claimTask', { task_id: 1, force: true }, "there is no argument 'force' (it takes task_id, idempotency_key)."],
    ['claimTask', null, 'the arguments must be an object.'],
    ['claimTask', [1], 'the arguments must be an object.'],
    ['readInbox', { after_id: -1, limit: 0 }, 'after_id must be an integer of at least 0; limit must be an integer from 1 to 500.'],
  ])('%s refuses %j: %s', (name, input, message) => {
    let refusal: unknown;
    try {
      parseBusInput(name, input);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'INPUT_INVALID', message, details: { call: name } });
  });

  test('whatever comes in, the answer is the input or a clear refusal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), fc.object(), (name, anything, object) => {
        for (const input of [anything, object]) {
          try {
            parseBusInput(name, input);
          } catch (error) {
            expect(error).toMatchObject({ code: 'INPUT_INVALID' });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
