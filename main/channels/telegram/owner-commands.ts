import type { InlineKeyboardMarkup } from 'grammy/types';
import { AppError, ERRORS } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import { CHANNEL_TITLES } from '../channel-of.ts';
import type { ChannelStatus } from '../channels.ts';
import { localTime } from '../prompt.ts';
import type { BotClient } from './bot-client.ts';
import type { OwnerDesk, OwnerStatus } from './owner-desk.ts';
import { textsIn, type Language, type Say, type TextKey } from './texts.ts';
import { jidOf, type BotCommand, type PressedButton } from './updates.ts';

export interface OwnerCommandsParts {
  readonly desk: OwnerDesk;
  readonly clock: Clock;
  readonly language: () => Language;
  readonly zone: string;
  /** The ids of the people whose commands are taken. */
  readonly owners: ReadonlySet<number>;
  readonly report: (what: string, error: unknown) => void;
}

/** Commands that the bot answers itself. */
export const BOT_COMMANDS: ReadonlySet<string> = new Set(['start', 'help', 'id', 'status', 'tasks', 'newsession', 'killswitch']);
/** Those that anybody may give. */
const PUBLIC = new Set(['start', 'id']);
const OFFERED: readonly { readonly command: string; readonly text: TextKey }[] = [
  { command: 'status', text: 'commandStatus' },
  { command: 'tasks', text: 'commandTasks' },
  { command: 'newsession', text: 'commandNewSession' },
  { command: 'killswitch', text: 'commandKillSwitch' },
];
/** For how long a button works after it was shown (waiaas.md §3.4, M-01). */
const BUTTON_MS = 300_000;
const MOST_BUTTONS = 40;
const MOST_TASKS = 15;

/**
 * What the owner does from the chat with the bot. It answers nobody else, prints no token, and everything dangerous takes a
 * second press within five minutes.
 */
export class OwnerCommands {
  readonly #parts: OwnerCommandsParts;
  /** Messages whose buttons were used, so that a second press before they vanish does nothing. */
  readonly #used = new Set<string>();

  constructor(parts: OwnerCommandsParts) {
    this.#parts = parts;
  }

  /** Shows the owners what they can do. Best effort: an owner who never wrote to the bot cannot be shown anything. */
  async offer(client: BotClient): Promise<void> {
    const say = this.#say();
    const commands = OFFERED.map(({ command, text }) => ({ command, description: say(text) }));
    await Promise.allSettled([...this.#parts.owners].map(async (owner) => client.offerCommands(owner, commands)));
  }

  /** Rejects with BotError when the answer could not be sent. */
  async command(client: BotClient, command: BotCommand): Promise<void> {
    const say = this.#say();
    const { chatId, topicId, fromId, isPrivate, name } = command;
    const answer = async (text: string, buttons?: InlineKeyboardMarkup): Promise<void> => client.send({ chatId, topicId, text, ...(buttons !== undefined && { buttons }) });
    const isOwner = this.#parts.owners.has(fromId);
    if (!isOwner && !PUBLIC.has(name)) {
      // In a group the bot says nothing to strangers, so that nobody can make it chatter.
      if (isPrivate) await answer(say('notOwner', { id: fromId }));
      return;
    }
    if (isOwner && !isPrivate && !PUBLIC.has(name)) return answer(say('privateOnly'));
    try {
      const { text, buttons } = await this.#answerTo(name, command, say, isOwner);
      await answer(text, buttons);
    } catch (error) {
      await answer(this.#problem(error, `the command /${name}`, say));
    }
  }

  /** Rejects with BotError when the answer could not be sent. */
  async button(client: BotClient, button: PressedButton): Promise<void> {
    const say = this.#say();
    if (!this.#parts.owners.has(button.fromId)) return client.answerButton(button.id);
    const key = `${button.chatId}/${button.messageId}`;
    if (this.#used.has(key)) return client.answerButton(button.id, say('alreadyDone'));
    this.#used.add(key);
    // The press is answered first: Telegram shows it as hanging until then.
    await client.answerButton(button.id);
    let text: string;
    try {
      text = await this.#press(button.data, say);
    } catch (error) {
      text = this.#problem(error, 'a button', say);
    }
    await client.edit(button.chatId, button.messageId, text);
  }

  async #answerTo(name: string, command: BotCommand, say: Say, isOwner: boolean): Promise<{ readonly text: string; readonly buttons?: InlineKeyboardMarkup }> {
    switch (name) {
      case 'status':
        return { text: statusText(await this.#parts.desk.status(), say) };
      case 'tasks':
        return { text: tasksText(await this.#parts.desk.tasks(), say) };
      case 'newsession':
        return this.#newSession(say);
      case 'killswitch':
        return this.#askToStop(say);
      default: {
        const about = say('start', { id: command.fromId, chat: jidOf(command.chatId, command.topicId) });
        return { text: isOwner && command.isPrivate ? `${about}\n\n${say('help')}` : about };
      }
    }
  }

  async #newSession(say: Say): Promise<{ readonly text: string; readonly buttons?: InlineKeyboardMarkup }> {
    const agents = this.#parts.desk.agents();
    const [only] = agents;
    if (only === undefined) return { text: say('noAgents') };
    if (agents.length === 1) return { text: await this.#issue(only.id, say) };
    const stamp = this.#stamp();
    const buttons = agents.slice(0, MOST_BUTTONS).map(({ id, name, role }) => [{ text: `${name} (${role})`, callback_data: `newsession:${id}:${stamp}` }]);
    const hidden = agents.length - buttons.length;
    return { text: hidden === 0 ? say('chooseAgent') : `${say('chooseAgent')}\n${say('tooManyAgents', { n: hidden })}`, buttons: { inline_keyboard: buttons } };
  }

  #askToStop(say: Say): { readonly text: string; readonly buttons?: InlineKeyboardMarkup } {
    const { on, since, reason } = this.#parts.desk.killSwitch();
    if (on) return { text: say('killAlready', { since: this.#time(since), reason: reason ?? '?' }) };
    const stamp = this.#stamp();
    return {
      text: say('killAsk'),
      buttons: {
        inline_keyboard: [
          [
            { text: say('killYes'), callback_data: `killswitch:confirm:${stamp}` },
            { text: say('killNo'), callback_data: `killswitch:cancel:${stamp}` },
          ],
        ],
      },
    };
  }

  /** Returns what takes the place of the question. */
  async #press(data: string, say: Say): Promise<string> {
    const [what = '', which = '', stamp = ''] = data.split(':', 3);
    if (!this.#isFresh(stamp)) return say('expired', { command: `/${what === 'killswitch' ? 'killswitch' : 'newsession'}` });
    if (what === 'newsession') return this.#issue(which, say);
    if (what === 'killswitch' && which === 'confirm') {
      const { sessionsRevoked, agentsSuspended } = this.#parts.desk.stopEverything();
      return say('killDone', { sessions: sessionsRevoked, agents: agentsSuspended });
    }
    return say('killCancelled');
  }

  async #issue(agentId: string, say: Say): Promise<string> {
    const { agent, expiresAt, path, problem } = await this.#parts.desk.newSession(agentId);
    if (problem !== null) return say('sessionNotWritten', { agent, reason: problem });
    return say('sessionWritten', { agent, until: expiresAt === null ? say('noEnd') : this.#time(expiresAt), path });
  }

  #problem(error: unknown, what: string, say: Say): string {
    if (!(error instanceof AppError)) this.#parts.report(what, error);
    // The message of an error is English; in other languages the sentence of the table has to do.
    const { code, message } = error instanceof AppError ? error : { code: 'INTERNAL' as const, message: ERRORS.INTERNAL.en };
    return say('failed', { reason: this.#parts.language() === 'ko' ? ERRORS[code].ko : message });
  }

  #say(): Say {
    return textsIn(this.#parts.language());
  }

  #stamp(): string {
    return Math.floor(this.#parts.clock.now() / 1000).toString(36);
  }

  #isFresh(stamp: string): boolean {
    const age = this.#parts.clock.now() - Number.parseInt(stamp, 36) * 1000;
    return age >= -1000 && age <= BUTTON_MS;
  }

  #time(iso: string | null): string {
    return iso === null ? '?' : localTime(Date.parse(iso), this.#parts.zone).slice(0, 16).replace('T', ' ');
  }
}

const STATES: Readonly<Record<ChannelStatus['state']['state'], TextKey>> = {
  off: 'stateOff',
  connecting: 'stateConnecting',
  pairing: 'statePairing',
  connected: 'stateConnected',
  waiting: 'stateWaiting',
  logged_out: 'stateLoggedOut',
  failed: 'stateFailed',
};

function statusText({ state, killSwitch, problems, channels, agents, liveSessions, openTasks, working }: OwnerStatus, say: Say): string {
  const head = state === 'ok' ? say('statusOk') : state === 'locked' ? say('statusLocked', { state: killSwitch }) : [say('statusDegraded'), ...problems.map((problem) => `• ${problem}`)].join('\n');
  const lines = channels
    .filter((channel) => channel.name !== 'console' && channel.state.state !== 'off')
    .map(({ name, paused, state: { state: word }, waiting }) => say('statusChannel', { channel: CHANNEL_TITLES[name], state: say(paused ? 'statePaused' : STATES[word]), waiting }));
  return [head, say('statusCounts', { agents, sessions: liveSessions, tasks: openTasks, working }), ...lines].join('\n');
}

const MARKS: Readonly<Record<string, string>> = { open: '○', in_progress: '◐', blocked: '⊘' };

function tasksText(tasks: Awaited<ReturnType<OwnerDesk['tasks']>>, say: Say): string {
  if (tasks.length === 0) return say('noTasks');
  const lines = tasks.slice(0, MOST_TASKS).map(({ id, title, status, assignee }) => `${MARKS[status] ?? '•'} #${id} ${assignee}: ${title}`);
  return [...lines, ...(tasks.length > MOST_TASKS ? [say('moreTasks', { n: tasks.length - MOST_TASKS })] : [])].join('\n');
}
