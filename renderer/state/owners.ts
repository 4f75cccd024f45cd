import type { OwnerChain, OwnerView } from '../../preload/contract.ts';

export const OWNER_FILTERS = ['all', 'with', 'without'] as const;
export type OwnerFilter = (typeof OWNER_FILTERS)[number];

/** The filter in the address; anything unknown shows every agent. */
export const readOwnerFilter = (word: string | undefined): OwnerFilter => OWNER_FILTERS.find((filter) => filter === word) ?? 'all';

/** By the name of the agent. */
export function ownersBy(filter: OwnerFilter, owners: readonly OwnerView[]): readonly OwnerView[] {
  return owners.filter(({ state }) => filter === 'all' || (state === 'NONE') === (filter === 'without')).sort((a, b) => a.agentName.localeCompare(b.agentName));
}

/** On which chain a text could be an address, by its form alone; the core looks at its checksum too. */
export function chainOf(text: string): OwnerChain | null {
  if (/^0x[0-9a-f]{40}$/i.test(text)) return 'ethereum';
  return /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text) ? 'solana' : null;
}

/** Enough of both ends to compare by eye. */
export const shortAddress = (address: string): string => (address.length <= 14 ? address : `${address.slice(0, 8)}…${address.slice(-6)}`);
