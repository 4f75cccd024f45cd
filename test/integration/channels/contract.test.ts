import { systemClock } from '../../../main/base/clock.ts';
import type { Channel } from '../../../main/channels/channel.ts';
import { ConsoleChannel } from '../../../main/channels/console-channel.ts';
import { WhatsAppChannel } from '../../../main/channels/whatsapp/whatsapp-channel.ts';
import { channelContract } from '../../support/channels/channel-contract.ts';
import { makeTelegram, TEAM, telegramMessage } from '../../support/channels/telegram-rig.ts';
import { GROUP, WhatsAppDouble, whatsAppMessage } from '../../support/channels/whatsapp-double.ts';

channelContract('the console', async (events) => {
  const sent: string[] = [];
  const channel: Channel = new ConsoleChannel(events, { all: () => [], byId: () => null, byJid: () => null });
  const send = channel.send.bind(channel);
  // What was handed to it is in the database by then; here it is taken down.
  channel.send = async (jid, message) => {
    await send(jid, message);
    sent.push(message.text);
  };
  return { channel, network: { jid: 'console:home', foreignJid: 'tg:1', taken: () => sent, deliver: null, lose: null, restore: () => undefined }, close: async () => undefined };
});

channelContract('Telegram', async (events) => {
  const rig = await makeTelegram(events);
  return {
    channel: rig.channel,
    network: {
      jid: `tg:${TEAM}`,
      foreignJid: '123@g.us',
      taken: () => rig.api.messages.map(({ text }) => text),
      deliver: (text) => rig.api.push(telegramMessage({ text })),
      lose: () => rig.api.setDown(true),
      restore: () => rig.api.setDown(false),
    },
    close: async () => rig.close(),
  };
});

channelContract('WhatsApp', async (events) => {
  const network = new WhatsAppDouble();
  let away = false;
  network.onConnect = async () => {
    if (away) throw new Error('getaddrinfo ENOTFOUND web.whatsapp.com');
  };
  const channel = new WhatsAppChannel({
    events,
    clock: systemClock,
    random: () => 0,
    connectSocket: network.connect,
    forgetCredentials: async () => undefined,
    isOurs: () => false,
    isServed: () => false,
    ownNumber: true,
    assistantName: 'Andy',
    report: () => undefined,
  });
  return {
    channel,
    network: {
      jid: GROUP,
      foreignJid: 'tg:1',
      taken: () => network.sockets.flatMap(({ sent }) => sent.map(({ text }) => text)),
      deliver: (text, id) => network.socket.deliver(whatsAppMessage({ key: { id }, message: { conversation: text } })),
      lose: () => {
        away = true;
        network.socket.close(428);
      },
      restore: () => {
        away = false;
      },
    },
    close: async () => undefined,
  };
});
