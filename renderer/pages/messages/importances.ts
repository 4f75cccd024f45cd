import type { Importance } from '../../../preload/contract.ts';

/** From quiet to loud. */
export const IMPORTANCES = ['low', 'normal', 'high', 'urgent'] as const satisfies readonly Importance[];
