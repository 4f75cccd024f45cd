import { describe, expect, test } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { createApp, type AppParts } from '../../../main/server/app.ts';
import { MasterOffer } from '../../../main/server/master-offer.ts';
import type { Route } from '../../../main/server/routes.ts';
import { refusalOf } from '../../support/kill-switch-rig.ts';

/** Takes one password and refuses the others. */
function offer(header: string | null): MasterOffer {
  return new MasterOffer(header, async (password) => {
    if (password !== 'the right one') throw new AppError('INVALID_MASTER_PASSWORD');
  });
}

describe('the master password of a request', () => {
  test('comes from the header, else from the body', async () => {
    await offer('the right one').from({ masterPassword: 'a wrong one' })();
    await offer(null).from({ masterPassword: 'the right one' })();
    expect(await refusalOf(offer('a wrong one').from({ masterPassword: 'the right one' })())).toBe('INVALID_MASTER_PASSWORD 401');
  });

  test.each([undefined, null, 'the right one', [], {}, { masterPassword: '' }, { masterPassword: 5 }, { masterPassword: null }])('is missed at once in %j', async (body) => {
    expect(await refusalOf(() => offer(null).from(body))).toBe('MASTER_PASSWORD_REQUIRED 401');
    expect(await refusalOf(() => offer('').from(undefined))).toBe('MASTER_PASSWORD_REQUIRED 401');
  });

  test('counts as accepted only after it was asked for and right', async () => {
    const right = offer('the right one');
    const authorize = right.from(null);
    expect(right.accepted).toBe(false);
    await authorize();
    expect(right.accepted).toBe(true);
    const wrong = offer('a wrong one');
    await refusalOf(wrong.from(null)());
    expect(wrong.accepted).toBe(false);
  });
});

describe('a route for the master password', () => {
  const app = (handle: (route: MasterOffer) => Promise<Response>) => {
    const route: Route = {
      methods: ['POST'],
      path: '/v1/danger',
      auth: ['master'],
      body: 'none',
      whileLocked: 'allowed',
      errors: 'envelope',
      handle: async ({ access }) => handle((access as unknown as { readonly offer: MasterOffer }).offer),
    };
    const reports: unknown[] = [];
    const parts = {
      routes: [route],
      gate: () => undefined,
      guard: { assertOperational: () => undefined },
      authenticator: { check: async () => ({ class: 'master', offer: offer('the right one'), payer: 'x' }) },
      limit: { take: () => null },
      newRequestId: () => 'r',
      report: (_what: string, error: unknown) => void reports.push(String(error)),
    } as unknown as AppParts;
    return { answer: async () => createApp(parts).request('/v1/danger', { method: 'POST' }, {}), reports };
  };

  test('that asks for it answers', async () => {
    const { answer } = app(async (asked) => {
      await asked.from(null)();
      return Response.json({ done: true });
    });
    expect((await answer()).status).toBe(200);
  });

  test('that forgets to ask for it gives nothing away', async () => {
    const { answer, reports } = app(async () => Response.json({ secret: 'x' }));
    const response = await answer();
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(reports).toEqual([expect.stringContaining('POST /v1/danger answered without asking for the master password')]);
  });
});
