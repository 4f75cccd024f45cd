import { describe, expect, it } from 'vitest';
import { conversationKey, conversationsOf, reachedBy, readableUpTo, readConversationKey } from '../../../renderer/state/conversations.ts';
import { message } from './samples.ts';

describe('conversations', () => {
  it('groups by thread, and messages without one by the two roles whatever the direction', () => {
    const list = conversationsOf(
      [
        message(1, { thread_id: 'release' }),
        message(2, { from_role: 'BE', to_role: 'FE' }),
        message(3, { from_role: 'FE', to_role: 'BE' }),
        message(4, { from_role: 'AI', to_role: 'Producer', thread_id: 'release' }),
      ],
      'Producer',
    );
    expect(list.map(({ thread, roles }) => [thread, roles])).toEqual([
      ['release', ['BE', 'Producer', 'AI']],
      [null, ['BE', 'FE']],
    ]);
  });

  it('counts what the person has not read, and what waits for an acknowledgement', () => {
    const [conversation] = conversationsOf(
      [message(1), message(2, { read_at: 'then', ack_required: true }), message(3, { from_role: 'Producer', to_role: 'BE' })],
      'Producer',
    );
    expect(conversation).toMatchObject({ unread: 1, waiting: 2 });
  });

  it('finds back from a key what it stands for', () => {
    expect(readConversationKey(conversationKey(message(1, { thread_id: 'a/b?c' })))).toEqual({ thread: 'a/b?c' });
    expect(readConversationKey(conversationKey(message(1, { from_role: 'FE', to_role: 'BE' })))).toEqual({ pair: ['BE', 'FE'] });
    expect(readConversationKey('nonsense')).toBeNull();
  });

  it('names the furthest state', () => {
    expect(reachedBy(message(1))).toBe('accepted');
    expect(reachedBy(message(1, { delivered_at: 'a' }))).toBe('delivered');
    expect(reachedBy(message(1, { delivered_at: 'a', read_at: 'b' }))).toBe('read');
    expect(reachedBy(message(1, { delivered_at: 'a', read_at: 'b', acked_at: 'c' }))).toBe('acked');
  });
});

describe('readableUpTo', () => {
  const inbox = [message(1), message(2), message(3, { to_role: 'FE' }), message(4)];

  it('stops before the first unread message that was not on the screen', () => {
    expect(readableUpTo(inbox, 'Producer', new Set([1, 4]), 3)).toBe(1);
    expect(readableUpTo(inbox, 'Producer', new Set([1, 2, 4]), 3)).toBe(4);
  });

  it('is nothing while the oldest was not seen', () => {
    expect(readableUpTo(inbox, 'Producer', new Set([2, 4]), 3)).toBeNull();
  });

  it('is nothing while the core counts unread messages that are not known here', () => {
    expect(readableUpTo(inbox, 'Producer', new Set([1, 2, 4]), 4)).toBeNull();
  });
});
