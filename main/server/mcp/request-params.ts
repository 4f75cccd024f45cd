import { z } from 'zod';

/**
 * The parameters of the requests that are answered here. The SDK would answer broken ones as an internal error; with a
 * schema of ours it says which parameter is wrong, and checks once instead of twice.
 */
export const requestParams = {
  list: z.looseObject({ cursor: z.string().optional() }),
  call: z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).optional() }),
  resource: z.looseObject({ uri: z.string() }),
} as const;

export type CallParams = z.output<typeof requestParams.call>;
export type ResourceParams = z.output<typeof requestParams.resource>;
