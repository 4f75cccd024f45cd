export type Locale = 'en' | 'ko';
export type ThemeChoice = 'system' | 'light' | 'dark';

export interface AppInfo {
  readonly name: 'Wheelhouse';
  readonly version: string;
  /** Whether this core runs under the tray or on its own. */
  readonly mode: 'desktop' | 'headless';
  readonly platform: string;
  /** Where MCP clients connect. */
  readonly mcpUrl: string;
  readonly dataDir: string;
  readonly startedAt: string;
}

export interface UiSettings {
  readonly language: 'system' | Locale;
  readonly theme: ThemeChoice;
}

/** One thing that is wrong, for the status line and the tray. */
export interface HealthProblem {
  readonly code: string;
  readonly message: string;
}

export interface StatusView {
  readonly state: 'ok' | 'degraded' | 'locked';
  readonly problems: readonly HealthProblem[];
  readonly killSwitch: 'NORMAL' | 'ACTIVATED' | 'RECOVERING';
  /** What waits for the person: unread and unacknowledged messages to the Producer, open renewals, escalated completions, missed notices. */
  readonly needsYou: number;
  /** Claimed tasks. */
  readonly working: number;
}

/** The pages of the main window, which are also the paths of deep links. */
export type Page = 'overview' | 'activity' | 'board' | 'messages' | 'locks' | 'agents' | 'chat' | 'schedule' | 'channels' | 'completions' | 'sessions' | 'approvals' | 'owners' | 'notifications' | 'kill-switch';
