import { describe } from 'vitest';
import { idempotencyContract } from './bus-contract/idempotency.ts';
import { lockContract } from './bus-contract/locks.ts';
import { logContract } from './bus-contract/log.ts';
import type { MakeBus } from './bus-contract/make-bus.ts';
import { messageContract } from './bus-contract/messages.ts';
import { taskContract } from './bus-contract/tasks.ts';
import { upkeepContract } from './bus-contract/upkeep.ts';

/** Everything that a store of the team bus promises; each implementation runs all of it. */
export function busContract(name: string, make: MakeBus): void {
  describe(`a bus in ${name}`, () => {
    describe('messages', () => {
      messageContract(make);
    });
    describe('log', () => {
      logContract(make);
    });
    describe('repeated calls', () => {
      idempotencyContract(make);
    });
    describe('upkeep', () => {
      upkeepContract(make);
    });
    describe('tasks', () => {
      taskContract(make);
    });
    describe('locks', () => {
      lockContract(make);
    });
  });
}
