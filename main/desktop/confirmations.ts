import type { MessageBoxOptions } from 'electron';
import type { CallName, SessionView } from '../../preload/contract.ts';
import { AppError } from '../base/errors.ts';
import type { ShellFacts } from './facts.ts';
import type { Texts } from './texts.ts';
import { workLines } from './tray-model.ts';

/** A native question; the button at `yes` goes on, everything else is no. */
export interface Question {
  readonly yes: number;
  readonly box: MessageBoxOptions;
}

const REASON_LENGTH = 300;
const NAME_LENGTH = 120;
const MOST_LINES = 12;

/** The question before a dangerous call. Throws INPUT_INVALID for arguments that nobody could decide about. */
export function callQuestion(name: CallName, args: unknown, facts: ShellFacts | null, texts: Texts): Question {
  if (name === 'locks.forceRelease') return forceReleaseQuestion(args, facts, texts);
  if (name === 'killSwitch.activate') return killSwitchQuestion(args, facts, texts);
  if (name === 'sessions.revoke') return revokeQuestion(args, facts, texts);
  if (name === 'renewals.reject') return rejectQuestion(args, facts, texts);
  if (name === 'notices.act') return question(texts, texts('rejectNoticeTitle'), texts('revokeDetail'), texts('rejectConfirm'));
  if (name === 'sessions.invalidateAll') return question(texts, texts('invalidateTitle'), texts('invalidateDetail'), texts('invalidateConfirm'));
  if (name === 'channels.unpair') return question(texts, texts('unpairTitle'), texts('unpairDetail'), texts('unpairConfirm'));
  if (name === 'secrets.set') return secretQuestion('Set', args, texts);
  if (name === 'secrets.remove') return secretQuestion('Remove', args, texts);
  if (name === 'mounts.set') return mountsQuestion(args, texts);
  if (name === 'schedule.cancel') return scheduleCancelQuestion(args, facts, texts);
  if (name === 'groups.remove') return removeGroupQuestion(args, facts, texts);
  throw new Error(`There is no question for the call ${name}: add one to main/desktop/confirmations.ts.`);
}

/** The question before quitting while agents work. */
export function quitQuestion(facts: ShellFacts, texts: Texts): Question {
  return question(texts, texts('quitTitle'), texts('quitDetail', { work: workLines(facts, texts).map(({ label }) => label).join(' · ') }), texts('quitConfirm'));
}

function killSwitchQuestion(args: unknown, facts: ShellFacts | null, texts: Texts): Question {
  const { reason } = (args ?? {}) as { readonly reason?: unknown };
  if (typeof reason !== 'string') throw new AppError('INPUT_INVALID', 'killSwitch.activate takes a reason, which is text.');
  const work = facts === null ? [] : workLines(facts, texts).map(({ label }) => label);
  const detail = [texts('killDetail'), ...(work.length > 0 ? [work.join(' · ')] : []), texts('killReason', { reason: shown(reason, REASON_LENGTH) })].join('\n\n');
  return question(texts, texts('killTitle'), detail, texts('killConfirm'));
}

function revokeQuestion(args: unknown, facts: ShellFacts | null, texts: Texts): Question {
  const { session_id: id, reason } = (args ?? {}) as { readonly session_id?: unknown; readonly reason?: unknown };
  if (typeof id !== 'string' || (reason !== undefined && typeof reason !== 'string')) {
    throw new AppError('INPUT_INVALID', 'sessions.revoke takes the id of a session and a reason, both text.');
  }
  const session = facts?.sessions.find((each) => each.id === id);
  const detail = [...holderLines(session, texts), texts('revokeDetail'), ...(reason === undefined ? [] : [texts('killReason', { reason: shown(reason, REASON_LENGTH) })])];
  return question(texts, texts('revokeTitle', { agent: shown(session?.agentName ?? id, NAME_LENGTH) }), detail.join('\n\n'), texts('revokeConfirm'));
}

function rejectQuestion(args: unknown, facts: ShellFacts | null, texts: Texts): Question {
  const { renewal_id: id } = (args ?? {}) as { readonly renewal_id?: unknown };
  if (typeof id !== 'number') throw new AppError('INPUT_INVALID', 'renewals.reject takes the number of a renewal.');
  const renewal = facts?.renewals.find((each) => each.id === id);
  const session = facts?.sessions.find((each) => each.id === renewal?.sessionId);
  const agent = shown(renewal?.agentName ?? `#${id}`, NAME_LENGTH);
  return question(texts, texts('rejectTitle', { agent }), [...holderLines(session, texts), texts('revokeDetail')].join('\n\n'), texts('rejectConfirm'));
}

/** Names the secret and never shows it. A page that was taken over could send notices to somebody else by a token of its own. */
function secretQuestion(what: 'Set' | 'Remove', args: unknown, texts: Texts): Question {
  const { name } = (args ?? {}) as { readonly name?: unknown };
  if (typeof name !== 'string') throw new AppError('INPUT_INVALID', 'name must be text.');
  return question(texts, texts(`secret${what}Title`, { name: shown(name, NAME_LENGTH) }), texts(`secret${what}Detail`), texts(`secret${what}Confirm`));
}

function mountsQuestion(args: unknown, texts: Texts): Question {
  const { allowlist } = (args ?? {}) as { readonly allowlist?: { readonly allowedRoots?: unknown } | null };
  const roots = allowlist?.allowedRoots;
  if (!Array.isArray(roots)) throw new AppError('INPUT_INVALID', 'mounts.set takes an allowlist with allowedRoots.');
  const lines = (roots as readonly { readonly path?: unknown; readonly allowReadWrite?: unknown }[]).map(
    ({ path, allowReadWrite }) => `${shown(String(path), NAME_LENGTH)} (${texts(allowReadWrite === true ? 'mountsWrite' : 'mountsRead')})`,
  );
  const detail = lines.length === 0 ? texts('mountsNone') : [...lines.slice(0, MOST_LINES), ...(lines.length > MOST_LINES ? [`+${lines.length - MOST_LINES}`] : [])].join('\n');
  return question(texts, texts('mountsTitle'), `${detail}\n\n${texts('mountsDetail')}`, texts('mountsConfirm'));
}

/** Who acts by the session, for somebody who must not end the wrong one. */
function holderLines(session: SessionView | undefined, texts: Texts): readonly string[] {
  if (session === undefined) return [];
  return [texts('sessionHolder', { role: session.role, client: shown(session.lastClient ?? '–', NAME_LENGTH) })];
}

function forceReleaseQuestion(args: unknown, facts: ShellFacts | null, texts: Texts): Question {
  const { resource, reason } = (args ?? {}) as { readonly resource?: unknown; readonly reason?: unknown };
  if (typeof resource !== 'string' || typeof reason !== 'string') {
    throw new AppError('INPUT_INVALID', 'locks.forceRelease takes a resource and a reason, both text.');
  }
  const leases = facts?.locks.filter((lease) => lease.resource === resource) ?? [];
  const holders = leases.map((lease) => (lease.agent_name === null ? lease.held_by : `${lease.held_by} (${lease.agent_name})`));
  const detail = [
    holders.length > 0 ? texts('forceReleaseHeld', { holders: shown(holders.join(', '), REASON_LENGTH) }) : texts('forceReleaseFree'),
    texts('forceReleaseReason', { reason: shown(reason, REASON_LENGTH) }),
  ].join('\n\n');
  return question(texts, texts('forceReleaseTitle', { resource: shown(resource, NAME_LENGTH) }), detail, texts('forceReleaseConfirm'));
}

function scheduleCancelQuestion(args: unknown, facts: ShellFacts | null, texts: Texts): Question {
  const { task } = (args ?? {}) as { readonly task?: unknown };
  if (typeof task !== 'string') throw new AppError('INPUT_INVALID', 'schedule.cancel takes a task, which is text.');
  const prompt = facts?.schedule.find(({ id }) => id === task)?.prompt ?? task;
  return question(texts, texts('scheduleCancelTitle'), texts('scheduleCancelDetail', { title: shown(prompt, NAME_LENGTH) }), texts('scheduleCancelConfirm'));
}

function removeGroupQuestion(args: unknown, facts: ShellFacts | null, texts: Texts): Question {
  const { group } = (args ?? {}) as { readonly group?: unknown };
  if (typeof group !== 'string') throw new AppError('INPUT_INVALID', 'groups.remove takes a group, which is text.');
  const found = facts?.groups.find(({ id, folder }) => id === group || folder === group);
  return question(texts, texts('groupRemoveTitle', { name: shown(found?.name ?? group, NAME_LENGTH) }), texts('groupRemoveDetail', { folder: shown(found?.folder ?? group, NAME_LENGTH) }), texts('groupRemoveConfirm'));
}

/** Cancel is the default: Enter and Escape change nothing. */
function question(texts: Texts, message: string, detail: string, yes: string): Question {
  return {
    yes: 1,
    box: { type: 'warning', title: texts('name'), message, detail, buttons: [texts('cancel'), yes], defaultId: 0, cancelId: 0, noLink: true },
  };
}

/** Text from a page as one line of bounded length, so that it cannot pose as part of the question. */
function shown(text: string, length: number): string {
  const line = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
