import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Channel, type ChannelEvents, SendError } from '../../../main/channels/channel.ts';
import type { ChannelState, ChatInfo, IncomingMessage } from '../../../main/channels/types.ts';
import { eventually } from '../until.ts';

/** The network behind a channel, as far as every network can do it. */
export interface NetworkUnderTest {
  /** A chat that belongs to it, and one that does not. */
  readonly jid: string;
  readonly foreignJid: string;
  /** The texts that arrived in the chat, in order. */
  taken(): readonly string[];
  /** Somebody writes in the chat. Null: what is said there does not come through the channel, as in the console. */
  readonly deliver: ((text: string, id: string) => void) | null;
  /** Null: it cannot be lost. */
  readonly lose: (() => void) | null;
  readonly restore: () => void;
}

export interface ChannelUnderTest {
  readonly channel: Channel;
  readonly network: NetworkUnderTest;
  close(): Promise<void>;
}

/** Everything that a channel told, in order. */
export interface Heard {
  readonly received: IncomingMessage[];
  readonly seen: ChatInfo[];
  readonly moves: { readonly from: string; readonly to: string }[];
  readonly states: ChannelState[];
}

export function hearing(): { readonly heard: Heard; readonly events: ChannelEvents } {
  const heard: Heard = { received: [], seen: [], moves: [], states: [] };
  return {
    heard,
    events: {
      received: async (message) => void heard.received.push(message),
      seen: (chat) => void heard.seen.push(chat),
      moved: (from, to) => void heard.moves.push({ from, to }),
      stateChanged: (state) => void heard.states.push(state),
    },
  };
}

/** What every channel promises; run for each of them. */
export function channelContract(name: string, make: (events: ChannelEvents) => Promise<ChannelUnderTest>): void {
  describe(`${name}, as every channel,`, () => {
    let under: ChannelUnderTest;
    let heard: Heard;
    beforeEach(async () => {
      const ears = hearing();
      heard = ears.heard;
      under = await make(ears.events);
    });
    afterEach(async () => {
      await under.channel.disconnect();
      await under.close();
    });
    const { connected, send } = {
      connected: async (): Promise<void> => {
        await under.channel.connect();
        await eventually(() => expect(under.channel.state().state).toBe('connected'));
      },
      send: async (text: string): Promise<void> => under.channel.send(under.network.jid, { text, sendKey: text.toUpperCase().padEnd(32, '0').slice(0, 32), maybeSent: false }),
    };

    test('is off until it is asked to connect, and tells every state that it comes to', async () => {
      expect(under.channel.state().state).toBe('off');
      await connected();
      expect(heard.states.at(-1)).toEqual(under.channel.state());
    });

    test('connects once when it is asked twice', async () => {
      await Promise.all([under.channel.connect(), under.channel.connect()]);
      await connected();
      await under.channel.connect();
      expect(heard.states.filter(({ state }) => state === 'connected')).toHaveLength(1);
    });

    test('hands messages to the network in the order of sending', async () => {
      await connected();
      await send('one');
      await send('two');
      expect(under.network.taken()).toEqual(['one', 'two']);
    });

    test('refuses a chat of another network for good, and asks for patience while it is not connected', async () => {
      const refused = await under.channel.send(under.network.jid, { text: 'x', sendKey: 'X', maybeSent: false }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(SendError);
      expect(refused).toMatchObject({ outcome: 'later', maybeSent: false });
      await connected();
      await expect(under.channel.send(under.network.foreignJid, { text: 'x', sendKey: 'X', maybeSent: false })).rejects.toMatchObject({ outcome: 'refused' });
    });

    test('owns the chats of its network and no other', () => {
      expect(under.channel.owns(under.network.jid)).toBe(true);
      expect(under.channel.owns(under.network.foreignJid)).toBe(false);
      expect(under.channel.owns('__group_sync__')).toBe(false);
    });

    test('shows that somebody types without ever failing for it', async () => {
      await under.channel.typing(under.network.jid, true);
      await connected();
      await under.channel.typing(under.network.jid, true);
      await under.channel.typing(under.network.jid, false);
    });

    test('lists groups only while it is connected', async () => {
      await expect(under.channel.listGroups()).rejects.toBeInstanceOf(SendError);
      await connected();
      expect(Array.isArray(await under.channel.listGroups())).toBe(true);
    });

    test('hands on what is said, with who and when, once', async () => {
      await connected();
      if (under.network.deliver === null) {
        expect(heard.received).toEqual([]);
        return;
      }
      under.network.deliver('hello', 'm1');
      await eventually(() => expect(heard.received).toHaveLength(1));
      expect(heard.received[0]).toMatchObject({ text: 'hello', chat: { jid: under.network.jid }, fromBot: false, attachments: [] });
      expect(heard.received[0]!.senderName).not.toBe('');
      expect(Math.abs(heard.received[0]!.sentAt - Date.now())).toBeLessThan(86_400_000);
    });

    test('tells that its connection is lost and comes back by itself', async () => {
      await connected();
      if (under.network.lose === null) {
        expect(under.channel.state().state).toBe('connected');
        return;
      }
      under.network.lose();
      await eventually(() => expect(heard.states.at(-1)).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/\S/) }));
      await expect(send('while away')).rejects.toMatchObject({ outcome: 'later' });
      under.network.restore();
      await eventually(() => expect(under.channel.state().state).toBe('connected'));
      await send('back');
      expect(under.network.taken()).toEqual(['back']);
    });

    test('is off after it was disconnected, twice as well as once, and can be connected again', async () => {
      await connected();
      await under.channel.disconnect();
      await under.channel.disconnect();
      expect(under.channel.state().state).toBe('off');
      await expect(send('x')).rejects.toMatchObject({ outcome: 'later' });
      await connected();
      await send('again');
      expect(under.network.taken()).toEqual(['again']);
    });
  });
}
