import type { StatusView } from './app.ts';
import type { Call, Nothing } from './call.ts';

export interface AgentView {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly status: 'active' | 'suspended';
  readonly statusReason: string | null;
  readonly createdAt: string;
  /** Sessions that can act now. */
  readonly liveSessions: number;
  /** The last sign of life of any session; null when never seen. */
  readonly lastSeenAt: string | null;
}

export interface SessionView {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly createdAt: string;
  /** When its token ends; null: never. A renewal moves it. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly revokeReason: string | null;
  /** How long a token of it is good; null: until `absoluteExpiresAt`. */
  readonly ttlSec: number | null;
  readonly renewalCount: number;
  /** Null: as often as needed. */
  readonly maxRenewals: number | null;
  readonly lastRenewedAt: string | null;
  /** When it ends however often it is renewed; null: never. */
  readonly absoluteExpiresAt: string | null;
  readonly rejectWindowSec: number;
  /** Up to a minute behind; null: not used yet. */
  readonly lastUsedAt: string | null;
  /** What the client calls itself. */
  readonly lastClient: string | null;
  readonly state: 'live' | 'expired' | 'revoked';
}

/** One renewal of a session, and where it stands. Times are ISO 8601. */
export interface RenewalView {
  readonly id: number;
  readonly sessionId: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  /** After this renewal. */
  readonly renewalCount: number;
  readonly maxRenewals: number | null;
  readonly renewedAt: string;
  /** Until when the owner is asked; null when nobody is. Rejecting works as long as the session lives. */
  readonly windowExpiresAt: string | null;
  readonly decidedAt: string | null;
  /**
   * `final`: nobody was asked. `open`: the owner is asked. `lapsed`: asked, and the window went by or the next renewal came
   * without an answer. `ended`: the session is over, so there is nothing left to decide.
   */
  readonly state: 'final' | 'open' | 'lapsed' | 'kept' | 'rejected' | 'ended';
  readonly sessionState: SessionView['state'];
  /** When the token of the session ends; null: never. */
  readonly expiresAt: string | null;
}

/** How the kill switch stands. Times are ISO 8601. */
export interface KillSwitchView {
  readonly state: StatusView['killSwitch'];
  readonly activatedAt: string | null;
  readonly reason: string | null;
  readonly actor: 'owner' | 'auto_stop' | 'admin' | 'system' | null;
  /** When a recovery under way can be finished; null when there is none, and when its record is damaged. */
  readonly recoveryEligibleAt: string | null;
  readonly remainingSeconds: number | null;
  /** How long the recovery under way takes, or the next one would. */
  readonly waitSeconds: number;
  /** Whether that takes the signature of an owner first. */
  readonly hasOwner: boolean;
  readonly masterPasswordSet: boolean;
}

export interface OwnerView {
  readonly agentId: string;
  readonly agentName: string;
  /** GRACE: registered, but has not signed anything yet. LOCKED: has shown that they can. */
  readonly state: 'NONE' | 'GRACE' | 'LOCKED';
  readonly chain: OwnerChain | null;
  readonly address: string | null;
}

export type OwnerChain = 'ethereum' | 'solana';
export type OwnerAction = 'verify_owner' | 'change_owner' | 'kill_switch' | 'recover' | 'cancel_recovery';

/** A text for an owner to sign within five minutes. */
export interface OwnerChallenge {
  readonly chain: OwnerChain;
  readonly address: string;
  readonly action: OwnerAction;
  readonly nonce: string;
  readonly timestamp: string;
  readonly message: string;
  readonly expiresAt: string;
}

/** The signed text: `signature` is 0x and hexadecimal digits for Ethereum, base58 for Solana. */
export interface OwnerProof extends Omit<OwnerChallenge, 'expiresAt'> {
  readonly signature: string;
}

export interface AccessCalls {
  'agents.add': Call<{ readonly name: string; readonly role: string }, { readonly agent: AgentView }>;
  /** The token is shown this once and never again. Seconds; null: no limit; absent: as the settings say. */
  'sessions.create': Call<
    { readonly agent: string; readonly ttl_sec?: number | null; readonly max_renewals?: number | null; readonly reject_window_sec?: number },
    { readonly session: SessionView; readonly token: string }
  >;
  /** Stops one agent, until it is resumed; its sessions are kept but cannot act. `agent` is a name or an id. */
  'agents.suspend': Call<{ readonly agent: string; readonly reason: string }, { readonly agent: AgentView }>;
  'agents.resume': Call<{ readonly agent: string }, { readonly agent: AgentView }>;
  'sessions.revoke': Call<{ readonly session_id: string; readonly reason?: string }, { readonly session: SessionView }>;
  /** Ends every live session, and signs tokens with a new key from then on. */
  'sessions.invalidateAll': Call<{ readonly reason?: string }, { readonly revoked: number }>;
  /** Newest first. `open`: the person is asked now; `waiting`: may still say something; `decided`: kept or rejected. */
  'renewals.list': Call<
    { readonly which?: 'all' | 'open' | 'waiting' | 'decided'; readonly agent?: string; readonly before_id?: number; readonly limit?: number },
    { readonly renewals: readonly RenewalView[]; readonly has_more: boolean }
  >;
  /** The person has seen this renewal, and the earlier ones of its session. */
  'renewals.keep': Call<{ readonly renewal_id: number }, { readonly renewal: RenewalView }>;
  /** Ends the session of this renewal. */
  'renewals.reject': Call<{ readonly renewal_id: number }, { readonly renewal: RenewalView }>;
  /** Stops everything at once. */
  'killSwitch.activate': Call<
    { readonly reason: string },
    { readonly activated: true; readonly timestamp: string; readonly sessionsRevoked: number; readonly agentsSuspended: number; readonly cancelled: Readonly<Record<string, number>> }
  >;
  /** Begins a recovery, or ends it once its wait is over; which of both, the state decides. */
  'killSwitch.recover': Call<
    { readonly master_password: string; readonly proof?: OwnerProof; readonly without_owner?: boolean },
    | { readonly status: 'RECOVERING'; readonly recoveryEligibleAt: string; readonly waitSeconds: number; readonly hasOwner: boolean }
    | { readonly status: 'NORMAL'; readonly recovered: true; readonly timestamp: string; readonly agentsReactivated: number }
  >;
  'killSwitch.cancelRecovery': Call<Nothing, KillSwitchView>;
  'killSwitch.get': Call<Nothing, KillSwitchView>;
  /** The first one. */
  'masterPassword.set': Call<{ readonly password: string }, { readonly set: true }>;
  'masterPassword.change': Call<{ readonly current: string; readonly password: string }, { readonly set: true }>;
  /** One for every agent, those without an owner too. */
  'owners.list': Call<Nothing, { readonly owners: readonly OwnerView[] }>;
  'owners.challenge': Call<{ readonly address: string; readonly chain?: OwnerChain; readonly action: OwnerAction }, OwnerChallenge>;
  /** `agent` is a name or an id; `proof` is the consent (`change_owner`) of a verified owner who is replaced. */
  'owners.set': Call<
    { readonly agent: string; readonly address: string; readonly chain?: OwnerChain; readonly master_password: string; readonly proof?: OwnerProof },
    { readonly owner: OwnerView }
  >;
  'owners.remove': Call<{ readonly agent: string; readonly master_password: string }, { readonly owner: OwnerView }>;
  'owners.verify': Call<{ readonly agent: string; readonly proof: OwnerProof }, { readonly owner: OwnerView }>;
}
