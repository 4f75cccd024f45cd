import type { CallName } from '../../preload/contract.ts';

/** What a window is for; it decides which calls the window may make. */
export type WindowRole = 'main';

export interface CallRule {
  readonly windows: readonly WindowRole[];
  /** Dangerous (or with which arguments): the person confirms in a native dialog, which a page that was taken over cannot draw or click. */
  readonly confirm: boolean | ((args: unknown) => boolean);
}

export type CallRules = Readonly<Record<CallName, CallRule>>;

const free: CallRule = { windows: ['main'], confirm: false };
const confirmed: CallRule = { windows: ['main'], confirm: true };
/** Of the buttons of a notice only one is dangerous: it ends a session, as `renewals.reject` does. */
const unlessHarmless: CallRule = {
  windows: ['main'],
  confirm: (args) => {
    const action = (args as { readonly action?: unknown } | null | undefined)?.action;
    return action !== 'keep' && action !== 'ack';
  },
};

/** Every call needs a row before any window can make it. */
export const CALL_RULES: CallRules = {
  'messages.post': free,
  'messages.list': free,
  'messages.markRead': free,
  'messages.ack': free,
  'tasks.create': free,
  'tasks.claim': free,
  'tasks.update': free,
  'tasks.reassign': free,
  'locks.forceRelease': confirmed,
  'log.list': free,
  'agents.add': free,
  'agents.suspend': free,
  'agents.resume': free,
  'sessions.create': free,
  'sessions.revoke': confirmed,
  'sessions.invalidateAll': confirmed,
  'renewals.list': free,
  'renewals.keep': free,
  'renewals.reject': confirmed,
  'completions.list': free,
  'completions.get': free,
  'completions.report': free,
  'completions.ack': free,
  'completions.resend': free,
  'killSwitch.activate': confirmed,
  'killSwitch.recover': free,
  'killSwitch.cancelRecovery': free,
  'killSwitch.get': free,
  'masterPassword.set': free,
  'masterPassword.change': free,
  'owners.list': free,
  'owners.challenge': free,
  'owners.set': free,
  'owners.remove': free,
  'owners.verify': free,
  'notices.list': free,
  'notices.get': free,
  'notices.resend': free,
  'notices.markSeen': free,
  'notices.act': unlessHarmless,
  'notices.test': free,
  'notices.mute': free,
  'notices.setQuietHours': free,
  'notices.status': free,
  'secrets.list': free,
  'secrets.set': confirmed,
  'secrets.remove': confirmed,
  'chat.send': free,
  'chat.history': free,
  'chat.create': free,
  'chat.register': free,
  'channels.pause': free,
  'channels.resume': free,
  'channels.pair': free,
  'channels.unpair': confirmed,
  'channels.test': free,
  'channels.refreshGroups': free,
  'engine.get': free,
  'engine.check': free,
  'engine.build': free,
  'mounts.get': free,
  'mounts.set': confirmed,
  'mounts.check': free,
  'schedule.create': free,
  'schedule.edit': free,
  'schedule.pause': free,
  'schedule.resume': free,
  'schedule.run': free,
  'schedule.cancel': confirmed,
  'schedule.runs': free,
  'schedule.preview': free,
  'schedule.upcoming': free,
  'groups.create': free,
  'groups.update': free,
  'groups.remove': confirmed,
  'groups.pause': free,
  'groups.resume': free,
  'groups.newConversation': free,
  'runs.list': free,
  'runs.get': free,
  'runs.output': free,
  'runs.log': free,
  'runs.tell': free,
  'runs.abort': free,
  'updates.get': free,
  'updates.check': free,
  // As quitting, which asks for itself.
  'updates.restart': free,
  'settings.set': free,
  'snapshot.get': free,
};

/** The rule by which `role` may make the call; null when it may not, or when there is no such call. */
export function ruleFor(name: unknown, role: WindowRole, rules: CallRules = CALL_RULES): CallRule | null {
  if (typeof name !== 'string' || !Object.hasOwn(rules, name)) return null;
  const rule = rules[name as CallName];
  return rule.windows.includes(role) ? rule : null;
}
