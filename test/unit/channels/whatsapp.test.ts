import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WhatsAppChannel, type WhatsAppChannelParts } from '../../../main/channels/whatsapp/whatsapp-channel.ts';
import { meaningOf } from '../../../main/channels/whatsapp/close-reason.ts';
import { incoming, makeChannels } from '../../support/channels/channels-rig.ts';
import { GROUP, OUR_LID, OUR_PHONE, whatsAppMessage, WhatsAppDouble } from '../../support/channels/whatsapp-double.ts';
import { eventually } from '../../support/until.ts';

let network: WhatsAppDouble;
let rig: ReturnType<typeof makeChannels>;
/** The room with WhatsApp in it, as the double plays it. */
function begin(options: Partial<WhatsAppChannelParts> = {}): void {
  network = new WhatsAppDouble();
  rig = makeChannels({
    adapters: {
      whatsapp: ({ events, outbound }) =>
        new WhatsAppChannel({
          events,
          clock: rigClock,
          random: () => 0.5,
          connectSocket: async () => network.connect(),
          forgetCredentials: async () => void (network.forgets += 1),
          isOurs: (id) => outbound.isOurs(id),
          isServed: (jid) => rig.groups.some((group) => group.jid === jid),
          ownNumber: false,
          assistantName: 'Andy',
          report: (what, error) => void rig.reported.push({ what, error }),
          ...options,
        }),
    },
  });
  rig.channels.start();
}
// The channel is made inside the rig and shares its clock; this hands it on.
const rigClock: WhatsAppChannelParts['clock'] = {
  now: () => rig.clock.now(),
  monotonic: () => rig.clock.monotonic(),
  sinceBoot: () => rig.clock.sinceBoot(),
  setTimer: (ms, fn) => rig.clock.setTimer(ms, fn),
};
const state = () => rig.channels.list().find(({ name }) => name === 'whatsapp')!.state;
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};
async function connected(): Promise<void> {
  await rig.channels.pair('whatsapp', null);
  await settle();
  expect(state()).toMatchObject({ state: 'connected' });
}
const messages = () => rig.channels.messages.page(GROUP, { limit: 20 }).toReversed();
const family = (more: Parameters<typeof rig.serve>[0] = {}) => rig.serve({ jid: GROUP, name: 'Family', requiresTrigger: false, ...more });

beforeEach(() => begin());
afterEach(async () => rig.close());

describe('pairing WhatsApp (WA-01)', () => {
  test('is asked for by a person: before that nothing is connected', async () => {
    await settle();
    expect(network.sockets).toEqual([]);
    expect(state()).toEqual({ state: 'off', reason: null });
  });

  test('shows each QR code in turn, and connects after the restart that ends a pairing', async () => {
    network.opens = false;
    await rig.channels.pair('whatsapp', null);
    await settle();
    network.socket.showQr('2@one');
    network.socket.showQr('2@two');
    await settle();
    expect(state()).toEqual({ state: 'pairing', qr: '2@two', code: null });
    network.socket.emit('creds.update', {});
    network.opens = true;
    network.socket.close(515);
    await settle();
    expect(state()).toEqual({ state: 'connected', as: `+${OUR_PHONE}` });
    expect(network.saves).toBe(1);
    expect(network.sockets).toHaveLength(2);
  });

  test('by a phone number shows the code to type there, once', async () => {
    network.opens = false;
    await rig.channels.pair('whatsapp', '821012345678');
    await settle();
    network.socket.showQr('2@one');
    network.socket.showQr('2@two');
    await settle();
    expect(state()).toEqual({ state: 'pairing', qr: null, code: 'WHEELHSE' });
    expect(network.socket.pairingPhones).toEqual(['821012345678']);
  });

  test('by a number that WhatsApp refuses says so, and does not go on', async () => {
    network.opens = false;
    await rig.channels.pair('whatsapp', '821012345678');
    await settle();
    network.socket.pairingCode = async () => Promise.reject(new Error('rate-overlimit'));
    network.socket.showQr('2@one');
    await settle();
    expect(state()).toMatchObject({ state: 'failed', reason: expect.stringContaining('rate-overlimit') });
    rig.clock.advance(600_000);
    expect(network.sockets).toHaveLength(1);
  });

  test.each(['+82 10', '12', '0'.repeat(16), '8210x'])('refuses %j as a number', async (phone) => {
    await expect(rig.channels.pair('whatsapp', phone)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('that nobody finishes ends, and says how to begin anew', async () => {
    network.opens = false;
    await rig.channels.pair('whatsapp', null);
    await settle();
    network.socket.showQr('2@one');
    network.socket.close(408);
    await settle();
    expect(state()).toMatchObject({ state: 'failed', reason: expect.stringContaining('Pair again') });
  });

  test('again begins without the old credentials, and what the old connection still says is not heard', async () => {
    await connected();
    const old = network.socket;
    await rig.channels.pair('whatsapp', null);
    await settle();
    expect(network.forgets).toBe(2);
    old.close(401);
    old.deliver(whatsAppMessage());
    await settle();
    expect(state()).toMatchObject({ state: 'connected' });
    expect(rig.channels.chats.list()).toEqual([]);
  });

  test('is kept over a restart, and unpairing ends it for good', async () => {
    await connected();
    rig.restart().start();
    await settle();
    expect(state()).toMatchObject({ state: 'connected' });
    await rig.channels.unpair('whatsapp');
    expect(network.socket.loggedOut).toBe(true);
    expect(state()).toMatchObject({ state: 'off' });
    const sockets = network.sockets.length;
    rig.restart().start();
    await settle();
    expect(network.sockets).toHaveLength(sockets);
  });
});

describe('a lost connection to WhatsApp', () => {
  test('is taken up again, later with each failure', async () => {
    await connected();
    network.opens = false;
    const waits: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      network.socket.close(503);
      await settle();
      const now = state();
      if (now.state !== 'waiting') throw new Error(now.state);
      waits.push(now.retryAt - rig.clock.now());
      rig.clock.advance(now.retryAt - rig.clock.now());
      await settle();
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    network.socket.open();
    await settle();
    network.socket.close(428);
    await settle();
    expect(state()).toMatchObject({ state: 'waiting', retryAt: rig.clock.now() + 1000 });
  });

  test('without a network is a failure like any other', async () => {
    await connected();
    network.onConnect = async () => Promise.reject(new Error('ENETUNREACH'));
    network.socket.close(428);
    await settle();
    rig.clock.advance(1000);
    await settle();
    expect(state()).toMatchObject({ state: 'waiting', reason: expect.stringContaining('ENETUNREACH'), retryAt: rig.clock.now() + 2000 });
  });

  test('by a logout ends there, removes the credentials, and the program goes on', async () => {
    await connected();
    network.socket.close(401);
    await settle();
    expect(state()).toMatchObject({ state: 'logged_out', reason: expect.stringContaining('Pair it again') });
    expect(network.forgets).toBe(2);
    expect(rig.downs).toMatchObject([{ channel: 'whatsapp' }]);
    rig.clock.advance(3_600_000);
    expect(network.sockets).toHaveLength(1);
    await connected();
  });

  test.each([
    [515, 'again'],
    [401, 'logged_out'],
    [403, 'failed'],
    [411, 'failed'],
    [440, 'later'],
    [405, 'later'],
    [408, 'later'],
    [428, 'later'],
    [500, 'later'],
    [503, 'later'],
    [null, 'later'],
  ] as const)('closed with %s goes on with: %s', (status, next) => {
    expect(meaningOf(status, false).next).toBe(next);
  });

  test('to another program with the same pairing waits a minute, so that the two do not throw each other out in turns', () => {
    expect(meaningOf(440, false)).toMatchObject({ atLeastMs: 60_000 });
  });
});

describe('a message from WhatsApp', () => {
  test('of a served group arrives with sender, name and time (WA-01)', async () => {
    const { id } = family();
    await connected();
    network.socket.deliver(whatsAppMessage({ messageTimestamp: 1_795_000_000 }));
    await settle();
    expect(messages()).toMatchObject([{ sender: '821011112222@s.whatsapp.net', senderName: 'Mia', content: 'hello', sentAt: 1_795_000_000_000, fromBot: false }]);
    expect(rig.arrived).toEqual([id]);
  });

  test('of a group that nobody serves leaves its address and time, and no content', async () => {
    await connected();
    network.socket.deliver(whatsAppMessage());
    await settle();
    expect(rig.channels.chats.get(GROUP)).toMatchObject({ channel: 'whatsapp', isGroup: true });
    expect(messages()).toEqual([]);
  });

  test('without a name has the digits of its sender', async () => {
    family();
    await connected();
    network.socket.deliver(whatsAppMessage({ pushName: null }));
    await settle();
    expect(messages()[0]).toMatchObject({ senderName: '821011112222' });
  });

  test('that came while we were away arrives like any other, and once', async () => {
    family();
    await connected();
    const message = whatsAppMessage();
    network.socket.deliver(message, 'append');
    network.socket.deliver(message);
    await settle();
    expect(messages()).toHaveLength(1);
  });

  test.each([
    ['no content', { message: null }],
    ['the status of somebody', { key: { remoteJid: 'status@broadcast' } }],
    ['a channel', { key: { remoteJid: '1234@newsletter' } }],
    ['a reaction', { message: { reactionMessage: { text: '👍' } } }],
    ['a deletion', { message: { protocolMessage: {} } }],
  ])('with %s says nothing', async (_name, fields) => {
    family();
    await connected();
    network.socket.deliver(whatsAppMessage(fields));
    await settle();
    expect(messages()).toEqual([]);
    expect(rig.arrived).toEqual([]);
  });

  test.each([
    ['a plain text', { conversation: 'hi' }, 'hi'],
    ['a text with a preview', { extendedTextMessage: { text: 'see https://x' } }, 'see https://x'],
    ['a disappearing text', { ephemeralMessage: { message: { extendedTextMessage: { text: 'soon gone' } } } }, 'soon gone'],
    ['a text to be seen once', { viewOnceMessageV2: { message: { conversation: 'once' } } }, 'once'],
    ['a choice', { listResponseMessage: { title: 'Pizza' } }, 'Pizza'],
    ['a sticker', { stickerMessage: {} }, '[Sticker]'],
    ['a place', { locationMessage: { degreesLatitude: 37.5, degreesLongitude: 127 } }, '[Location: 37.5, 127]'],
    ['a contact', { contactMessage: { displayName: 'Bo' } }, '[Contact: Bo]'],
    ['a poll', { pollCreationMessageV3: { name: 'Lunch?' } }, '[Poll: Lunch?]'],
    ['an unknown kind', { orderMessage: {} }, '[A message of a kind that is not supported: order]'],
    ['a reply', { extendedTextMessage: { text: 'yes', contextInfo: { stanzaId: 'X', participant: '82105@s.whatsapp.net', quotedMessage: { conversation: 'a  or\nb?' } } } }, 'yes\n[in reply to 82105: "a or b?"]'],
  ])('with %s reads %j as %j', async (_name, message, content) => {
    family();
    await connected();
    network.socket.deliver(whatsAppMessage({ message }));
    await settle();
    expect(messages().at(-1)?.content).toBe(content);
  });

  test.each([
    ['a picture with a caption', { imageMessage: { mimetype: 'image/jpeg', caption: 'look', fileLength: 4 } }, /^look\n\[Image: attachments\/.*\.jpg\]$/],
    ['a voice message', { audioMessage: { ptt: true, seconds: 7, mimetype: 'audio/ogg; codecs=opus' } }, /^\[Voice message, 7 s: attachments\/.*\.ogg\]$/],
    ['a document with a caption', { documentWithCaptionMessage: { message: { documentMessage: { fileName: 'r.pdf', caption: 'read', mimetype: 'application/pdf' } } } }, /^read\n\[Document "r.pdf": attachments\/.*r\.pdf\]$/],
    ['a film that is too large', { videoMessage: { mimetype: 'video/mp4', fileLength: 99_000_000 } }, /^\[Video was not saved: it has 94\.4 MB, the limit is 20 MB\]$/],
  ])('with %s is saved for the agent', async (_name, message, content) => {
    family();
    await connected();
    network.socket.deliver(whatsAppMessage({ message }));
    await eventually(() => expect(messages().at(-1)?.content).toMatch(content));
  });

  test('keeps its order while addresses are looked up', async () => {
    family();
    await connected();
    for (const n of [1, 2, 3]) network.socket.deliver(whatsAppMessage({ message: { conversation: String(n) } }));
    await settle();
    expect(messages().map(({ content }) => content)).toEqual(['1', '2', '3']);
  });
});

describe('a hidden identity (LID)', () => {
  const lid = '19990001@lid';
  const direct = (fields: Parameters<typeof whatsAppMessage>[0] = {}) => whatsAppMessage({ ...fields, key: { remoteJid: lid, participant: null, ...fields.key } });

  test('of our own account is known from the connection', async () => {
    rig.serve({ jid: `${OUR_PHONE}@s.whatsapp.net`, requiresTrigger: false });
    await connected();
    network.socket.deliver(direct({ key: { remoteJid: `${OUR_LID}@lid`, fromMe: true } }));
    await settle();
    expect(rig.arrived).toHaveLength(1);
  });

  test.each([
    ['the second address of the message', { key: { remoteJidAlt: '821033@s.whatsapp.net' } }, (): void => undefined],
    ['what the network told before', {}, (): void => network.socket.emit('lid-mapping.update', { lid, pn: '821033@s.whatsapp.net' })],
    ['what the library knows', {}, (): void => void network.phones.set(lid, '821033:0@s.whatsapp.net')],
  ])('is translated by %s', async (_name, fields, prepare) => {
    await connected();
    prepare();
    network.socket.deliver(direct(fields));
    await settle();
    expect(rig.channels.chats.get('821033@s.whatsapp.net')).toMatchObject({ isGroup: false, name: 'Mia' });
  });

  test('that nobody can translate stays the address, so that the chat is not lost', async () => {
    const { id } = rig.serve({ jid: lid, requiresTrigger: false });
    await connected();
    network.socket.deliver(direct());
    await settle();
    expect(rig.arrived).toEqual([id]);
    network.phones.set(lid, '821033@s.whatsapp.net');
    network.socket.deliver(direct());
    await settle();
    expect(rig.arrived).toEqual([id, id]);
  });

  test('of a sender in a group is translated as well', async () => {
    family();
    await connected();
    network.socket.deliver(whatsAppMessage({ key: { participant: '777:3@lid', participantAlt: '821044:3@s.whatsapp.net' } }));
    await settle();
    expect(messages()[0]).toMatchObject({ sender: '821044@s.whatsapp.net' });
  });
});

describe('who wrote it', () => {
  test('with a shared number: a text that begins with the name of the assistant is from an agent, what the person writes is not', async () => {
    const { id } = family();
    await connected();
    network.socket.deliver(whatsAppMessage({ message: { conversation: 'Andy: I am another install' } }));
    network.socket.deliver(whatsAppMessage({ key: { fromMe: true }, message: { conversation: 'from my own phone' } }));
    await settle();
    expect(messages().map(({ fromBot }) => fromBot)).toEqual([true, false]);
    expect(rig.channels.conversations.next(id)?.count).toBe(1);
  });

  test('what we sent and the network hands back is not read again, and is prefixed for people', async () => {
    const { id } = family();
    await connected();
    rig.reply(id, 'Hello Mia');
    await settle();
    const { messageId, text } = network.socket.sent[0]!;
    expect(text).toBe('Andy: Hello Mia');
    network.socket.deliver(whatsAppMessage({ key: { fromMe: true, id: messageId }, message: { conversation: text } }));
    await settle();
    expect(messages().map(({ content }) => content)).toEqual(['Hello Mia']);
  });

  test('with a number of its own nothing is prefixed, and all that it writes is from an agent', async () => {
    await rig.close();
    begin({ ownNumber: true });
    const { id } = family();
    await connected();
    rig.reply(id, 'Hello Mia');
    network.socket.deliver(whatsAppMessage({ key: { fromMe: true }, message: { conversation: 'typed on that phone' } }));
    await settle();
    expect(network.socket.sent[0]?.text).toBe('Hello Mia');
    expect(messages().every(({ fromBot }) => fromBot)).toBe(true);
  });

  test('a reply to an answer speaks to the agent, a mention only where the number is its own', async () => {
    family({ requiresTrigger: true });
    await connected();
    const { id } = rig.groups[0]!;
    rig.reply(id, 'Hello Mia');
    await settle();
    const mention = { extendedTextMessage: { text: `@${OUR_LID} hi`, contextInfo: { mentionedJid: [`${OUR_LID}@lid`] } } };
    network.socket.deliver(whatsAppMessage({ message: mention }));
    await settle();
    expect(messages().at(-1)).toMatchObject({ addressed: false });
    network.socket.deliver(whatsAppMessage({ message: { extendedTextMessage: { text: 'thanks', contextInfo: { stanzaId: network.socket.sent[0]!.messageId, participant: `${OUR_PHONE}@s.whatsapp.net` } } } }));
    await settle();
    expect(messages().at(-1)).toMatchObject({ addressed: true, content: 'thanks\n[in reply to Andy]' });
    await rig.close();
    begin({ ownNumber: true });
    family({ requiresTrigger: true });
    await connected();
    network.socket.deliver(whatsAppMessage({ message: mention }));
    await settle();
    expect(messages().at(-1)).toMatchObject({ addressed: true });
  });
});

describe('sending to WhatsApp', () => {
  test('a message that failed keeps its id, so that receivers take two attempts as one', async () => {
    const { id } = family();
    await connected();
    const { socket } = network;
    let failures = 1;
    socket.onSend = async () => {
      if (failures-- > 0) throw new Error('timed out');
    };
    rig.reply(id, 'Hello');
    await settle();
    const key = rig.store.db.prepare('SELECT send_key FROM outbound').pluck().get();
    rig.clock.advance(1000);
    await settle();
    expect(socket.sent).toMatchObject([{ messageId: key, text: 'Andy: Hello' }]);
  });

  test('what waits goes out in order after a reconnect (WA-01)', async () => {
    const { id } = family();
    await connected();
    network.socket.close(428);
    await settle();
    for (const n of [1, 2, 3]) rig.reply(id, `number ${n}`);
    for (let second = 0; second < 6; second += 1) {
      rig.clock.advance(1000);
      await settle();
    }
    expect(network.socket.sent.map(({ text }) => text)).toEqual(['Andy: number 1', 'Andy: number 2', 'Andy: number 3']);
  });

  test('typing is shown as composing, and ended as paused; that we are there is told first', async () => {
    const { id } = family();
    await connected();
    rig.channels.conversations.working(id, true);
    rig.channels.conversations.working(id, false);
    await settle();
    expect(network.socket.presences).toEqual([
      { type: 'available', jid: undefined },
      { type: 'composing', jid: GROUP },
      { type: 'paused', jid: GROUP },
    ]);
  });

  test('a test message without a chat goes to the account itself', async () => {
    await connected();
    expect(rig.channels.test('whatsapp', null)).toEqual({ jid: `${OUR_PHONE}@s.whatsapp.net` });
    await settle();
    expect(network.socket.sent).toMatchObject([{ text: expect.stringContaining('test message') }]);
  });
});

describe('the names of the groups (WA-02)', () => {
  const names = (): readonly (readonly string[])[] => rig.channels.chats.list().map(({ jid, name }) => [jid, name]);
  beforeEach(() => (network.groups = { [GROUP]: { id: GROUP, subject: 'Family' }, 'x@g.us': { id: 'x@g.us', subject: '' } }));

  test('are read when it connects; a group without a name is left out', async () => {
    await connected();
    rig.clock.advance(0);
    await settle();
    expect(names()).toEqual([[GROUP, 'Family']]);
    expect(rig.channels.chats.get(GROUP)).toMatchObject({ isGroup: true, lastMessageAt: null });
    expect(rig.channels.chats.groupsSyncedAt()).toBe(rig.clock.now());
  });

  test('are not read again within 24 hours, and are after them', async () => {
    await connected();
    rig.clock.advance(0);
    await settle();
    network.groups[GROUP] = { id: GROUP, subject: 'Family 2' };
    network.socket.close(428);
    await settle();
    rig.clock.advance(3_600_000);
    await settle();
    expect(state()).toMatchObject({ state: 'connected' });
    expect(names()).toEqual([[GROUP, 'Family']]);
    for (let hour = 0; hour < 23; hour += 1) {
      rig.clock.advance(3_600_000);
      await settle();
    }
    expect(names()).toEqual([[GROUP, 'Family 2']]);
  });

  test('are read at once when somebody asks', async () => {
    await connected();
    rig.clock.advance(0);
    await settle();
    network.groups[GROUP] = { id: GROUP, subject: 'New' };
    expect(await rig.channels.refreshGroups('whatsapp')).toBe(1);
    expect(names()).toEqual([[GROUP, 'New']]);
  });

  test('that cannot be read now are read later, and asking says why not', async () => {
    await expect(rig.channels.refreshGroups('whatsapp')).rejects.toMatchObject({ code: 'CONFLICT' });
    await connected();
    network.socket.groupFetchAllParticipating = async () => Promise.reject(new Error('rate-overlimit'));
    rig.clock.advance(0);
    await settle();
    expect(rig.reported).toMatchObject([{ what: expect.stringContaining('groups') }]);
    expect(rig.channels.chats.groupsSyncedAt()).toBeNull();
    Object.defineProperty(network.socket, 'groupFetchAllParticipating', { value: async () => network.groups });
    rig.clock.advance(600_000);
    await settle();
    expect(names()).toEqual([[GROUP, 'Family']]);
  });

  test('follow what the network tells of a new name', async () => {
    await connected();
    network.socket.emit('groups.update', [{ id: GROUP, subject: 'Renamed' }]);
    expect(names()).toEqual([[GROUP, 'Renamed']]);
  });
});

test('a channel that cannot be begun keeps no other from starting', async () => {
  network.onConnect = async () => new Promise<void>(() => undefined);
  const { id } = rig.serve();
  void rig.channels.pair('whatsapp', null);
  await rig.telegram.events.received(incoming());
  expect(rig.arrived).toEqual([id]);
});
