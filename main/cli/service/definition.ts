/** What a service is made of. All paths are absolute. */
export interface ServiceFacts {
  /** The words that start this program. */
  readonly program: readonly string[];
  readonly dataDir: string;
  readonly home: string;
  /** The number of the user on macOS. */
  readonly uid: number;
  /** As Windows writes users, `DOMAIN\name`. */
  readonly user: string;
}

/** A program with its arguments, never a shell line. */
export type Command = readonly [string, ...string[]];

/** How the system is told to keep the headless core running from login. Pure: nothing has happened yet. */
export interface ServicePlan {
  /** What the system calls the part that keeps it running. */
  readonly manager: 'systemd' | 'launchd' | 'Task Scheduler';
  /** Its definition. */
  readonly file: string;
  readonly text: string;
  /** Windows reads task files as UTF-16 only. */
  readonly encoding: 'utf8' | 'utf16le';
  /** Answers whether the manager is there for this user at all. */
  readonly probe: Command;
  /** Run before the file is written; may fail because there is nothing to stop. */
  readonly prepare: readonly Command[];
  /** Run in this order after the file was written. */
  readonly install: readonly Command[];
  /** Run before the file is removed; each may fail because there is nothing to stop. */
  readonly uninstall: readonly Command[];
  /** Run after the file was removed. */
  readonly afterwards: readonly Command[];
  /** Ends with 0 while the core runs as a service. */
  readonly query: Command;
  /** One more step that the person may want. */
  readonly hint: string | null;
}

/** The arguments that make the program a service. The environment comes from a file, so that no secret stands in a definition. */
export function serveArgs(dataDir: string, environmentFile: string): readonly string[] {
  return ['serve', '--data-dir', dataDir, '--env-file', environmentFile];
}
