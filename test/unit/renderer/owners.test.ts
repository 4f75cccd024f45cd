import { describe, expect, it } from 'vitest';
import type { OwnerView } from '../../../preload/contract.ts';
import { chainOf, ownersBy, readOwnerFilter, shortAddress } from '../../../renderer/state/owners.ts';

const owner = (agentName: string, state: OwnerView['state']): OwnerView => ({ agentId: agentName, agentName, state, chain: null, address: null });

describe('the owners page', () => {
  const owners = [owner('fe-1', 'LOCKED'), owner('be-1', 'NONE'), owner('ai-1', 'GRACE')];
  it.each([
    ['all', ['ai-1', 'be-1', 'fe-1']],
    ['with', ['ai-1', 'fe-1']],
    ['without', ['be-1']],
  ] as const)('shows %s by the name of the agent', (filter, names) => {
    expect(ownersBy(filter, owners).map(({ agentName }) => agentName)).toEqual(names);
  });

  it('shows every agent for a filter that it does not know', () => {
    expect([readOwnerFilter('with'), readOwnerFilter('nonsense'), readOwnerFilter(undefined)]).toEqual(['with', 'all', 'all']);
  });

  it.each([
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'ethereum'],
    // Its checksum is the core's to judge.
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'ethereum'],
    ['vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPTg', 'solana'],
    ['11111111111111111111111111111111', 'solana'],
  ])('recognises %s by its form as one of %s', (address, chain) => {
    expect(chainOf(address)).toBe(chain);
  });

  it.each(['', '0x', 'vitalik.eth', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd', 'vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPT0', 'short'])('takes %j for no address', (text) => {
    expect(chainOf(text)).toBeNull();
  });

  it('shortens an address so that both ends can be compared', () => {
    expect(shortAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).toBe('0x5aAeb6…1BeAed');
    expect(shortAddress('short')).toBe('short');
  });
});
