import {
  ProtocolError, ProtocolErrorCode, ResourceNotFoundError, type ReadResourceResult, type Resource,
  type ResourceTemplateType, type ServerContext,
} from '@modelcontextprotocol/server';
import { AppError, ERRORS } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Guard } from '../../bus/bus.ts';
import type { Caller, LogEvent } from '../../bus/types.ts';
import type { Identity } from '../identity.ts';
import { callerFor, identityOfRequest } from './callers.ts';
import type { ResourceParams } from './request-params.ts';
import type { Team } from './tool-run.ts';

const JSON_TYPE = 'application/json';
const TASKS = 'bus://tasks';
const LOCKS = 'bus://locks';
const LOG = 'bus://log';
const INBOX = 'bus://inbox/';
/** How many entries a resource shows of each kind. */
const SHOWN = 100;

const SHARED: readonly Resource[] = [
  { uri: TASKS, name: 'tasks', title: 'Task board', description: 'Open, running and blocked tasks.', mimeType: JSON_TYPE },
  { uri: LOCKS, name: 'locks', title: 'Locks', description: 'Held locks and who waits for them.', mimeType: JSON_TYPE },
  { uri: LOG, name: 'log', title: 'Team log', description: 'The newest events of the team.', mimeType: JSON_TYPE },
];

const INBOX_TEMPLATE: ResourceTemplateType = {
  uriTemplate: `${INBOX}{role}`,
  name: 'inbox',
  title: 'Inbox',
  description: 'Unread messages to a role; with a session token only your own.',
  mimeType: JSON_TYPE,
};

export interface BusResourcesOptions {
  readonly team: Team;
  readonly guard: Guard;
  readonly log: Log;
}

/** Inbox, tasks, locks and log as MCP resources (DESIGN §13): JSON, readable and subscribable. */
export class BusResources {
  readonly #options: BusResourcesOptions;

  constructor(options: BusResourcesOptions) {
    this.#options = options;
  }

  list(ctx: ServerContext): { resources: Resource[] } {
    const identity = identityOfRequest(ctx);
    const roles = identity.kind === 'session' ? [identity.caller.role] : this.#options.team.roles;
    const inboxes = roles.map((role) => ({
      uri: inboxUri(role),
      name: `inbox-${role}`,
      title: `Inbox of ${role}`,
      description: `Unread messages to ${role}.`,
      mimeType: JSON_TYPE,
    }));
    return { resources: [...inboxes, ...SHARED] };
  }

  templates(): { resourceTemplates: ResourceTemplateType[] } {
    return { resourceTemplates: [INBOX_TEMPLATE] };
  }

  async read({ uri }: ResourceParams, ctx: ServerContext): Promise<ReadResourceResult> {
    const identity = identityOfRequest(ctx);
    try {
      this.#options.guard.assertOperational();
      this.#assertReadable(uri, identity);
      return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(await this.#content(uri, identity)) }] };
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      if (error instanceof AppError) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${error.code}: ${error.message}`, { uri, code: error.code });
      this.#options.log.error({ err: error, uri }, 'A resource could not be read.');
      throw new ProtocolError(ProtocolErrorCode.InternalError, ERRORS.INTERNAL.en, { uri, code: 'INTERNAL' });
    }
  }

  /** Why this caller may not hear of one of these resources; null when it may. */
  refuseSubscription(uris: readonly string[], identity: Identity): string | null {
    try {
      for (const uri of uris) this.#assertReadable(uri, identity);
      return null;
    } catch (error) {
      if (error instanceof ProtocolError || error instanceof AppError) return error.message;
      throw error;
    }
  }

  /** Throws ResourceNotFoundError, ROLE_MISMATCH, ROLE_UNKNOWN. */
  #assertReadable(uri: string, identity: Identity): void {
    if (uri === TASKS || uri === LOCKS || uri === LOG) return;
    const role = roleOfInbox(uri);
    if (role === null) {
      throw new ResourceNotFoundError(uri, `There is no resource ${uri.slice(0, 200)}. There are ${TASKS}, ${LOCKS}, ${LOG} and ${INBOX}{role}.`);
    }
    this.#readerOf(role, identity);
  }

  /** Throws ROLE_MISMATCH, ROLE_UNKNOWN. */
  #readerOf(role: string, identity: Identity): Caller {
    if (identity.kind === 'session' && identity.caller.role !== role) {
      const own = identity.caller.role;
      throw new AppError('ROLE_MISMATCH', `The inbox of ${role} is not yours: this session belongs to ${own}. Read ${inboxUri(own)}.`, { role, sessionRole: own });
    }
    return callerFor(identity, 'the role of the inbox', role, this.#options.team.roles);
  }

  async #content(uri: string, identity: Identity): Promise<object> {
    const { bus } = this.#options.team;
    switch (uri) {
      case TASKS: {
        const pages = await Promise.all((['in_progress', 'blocked', 'open'] as const).map((status) => bus.listTasks({ status, limit: SHOWN })));
        return { tasks: pages.flatMap((page) => page.tasks), has_more: pages.some((page) => page.has_more) };
      }
      case LOCKS:
        return bus.listLocks();
      case LOG:
        return bus.readLog({ limit: SHOWN });
      default:
        return bus.readInbox(this.#readerOf(roleOfInbox(uri)!, identity), { unread_only: true, limit: SHOWN });
    }
  }
}

function inboxUri(role: string): string {
  return INBOX + encodeURIComponent(role);
}

/** Null when it is not the address of an inbox. */
function roleOfInbox(uri: string): string | null {
  if (!uri.startsWith(INBOX)) return null;
  try {
    const role = decodeURIComponent(uri.slice(INBOX.length));
    return role === '' ? null : role;
  } catch {
    return null;
  }
}

/** The resources that changed with these events. Whatever is in the log changed the log. */
export function touchedResources(events: readonly LogEvent[]): ReadonlySet<string> {
  const uris = new Set<string>();
  for (const { kind, action, role, data } of events) {
    uris.add(LOG);
    if (kind === 'task') uris.add(TASKS);
    if (kind === 'lock') uris.add(LOCKS);
    if (kind === 'message') {
      const owner = action === 'posted' ? data['to_role'] : role;
      if (typeof owner === 'string') uris.add(inboxUri(owner));
    }
  }
  return uris;
}
