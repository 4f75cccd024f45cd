import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { readAllowlist, type AllowlistState, type MountAllowlist } from './mount-allowlist.ts';
import { decideMount, type BindMount, type MountDecision, type RealPath } from './mount-rules.ts';
import type { AdditionalMount } from './types.ts';

/** One additional mount that a group asked for, and what came of it; shown in the window and in the run log. */
export interface MountVerdict {
  readonly request: AdditionalMount;
  /** Null: it is not mounted. */
  readonly mount: BindMount | null;
  /** Why it is not mounted, or mounted for reading only although writing was asked for; null: all as asked for. */
  readonly explanation: string | null;
}

export interface MountsOptions {
  readonly home: string;
  readonly allowlistFile: string;
  /** Folders and files that no agent may reach, such as the data directory; ones that do not exist count as well. */
  readonly guarded: readonly string[];
  readonly platform: NodeJS.Platform;
}

/** Answers which folders of this machine a group gets beside its own. Reads the allowlist and the paths anew each time. */
export class Mounts {
  readonly #options: MountsOptions;

  constructor(options: MountsOptions) {
    this.#options = options;
  }

  get allowlist(): AllowlistState {
    return readAllowlist(this.#options.allowlistFile);
  }

  /**
   * A verdict for each request, in order. Without an allowlist, or with a broken one, all are refused (SEC-03). Between
   * this answer and the mount a path can still be swapped by who may write its parent folder. `guarded` names further
   * places that no agent may reach, such as the socket of the engine.
   */
  decide(requests: readonly AdditionalMount[], group: { readonly isMain: boolean }, guarded: readonly string[] = []): readonly MountVerdict[] {
    if (requests.length === 0) return [];
    const found = this.allowlist;
    if (found.state !== 'ok') return requests.map((request) => ({ request, mount: null, explanation: closed(request, found) }));
    const { allowlist } = found;
    const roots = this.#roots(allowlist);
    const places = [...guarded, ...this.#options.guarded, this.#options.allowlistFile].flatMap((place) => [place, this.#resolve(place).real ?? place]);
    const taken: string[] = [];
    return requests.map((request) => {
      const decision = decideMount({
        request,
        isMain: group.isMain,
        allowlist,
        roots,
        path: this.#resolve(request.hostPath),
        guarded: places,
        taken,
        ignoreCase: this.#options.platform === 'darwin' || this.#options.platform === 'win32',
      });
      if (decision.ok) taken.push(decision.mount.target);
      return verdict(request, decision);
    });
  }

  #roots(allowlist: MountAllowlist): { root: MountAllowlist['allowedRoots'][number]; real: string }[] {
    return allowlist.allowedRoots.flatMap((root) => {
      const { real } = this.#resolve(root.path);
      return real === null ? [] : [{ root, real }];
    });
  }

  #resolve(path: string): RealPath {
    const expanded = /^~(?=$|[/\\])/.test(path) ? join(this.#options.home, path.slice(1)) : path;
    // A relative path would mean something else with each folder the program is started in.
    if (!isAbsolute(expanded) || expanded.includes('\0')) return { real: null, kind: 'other' };
    try {
      const real = realpathSync(expanded);
      const stats = statSync(real);
      return { real, kind: stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other' };
    } catch {
      // Missing, a loop of links, or not ours to read: none of these can be mounted.
      return { real: null, kind: 'other' };
    }
  }
}

function closed(request: AdditionalMount, found: Exclude<AllowlistState, { state: 'ok' }>): string {
  const why = found.state === 'missing' ? `there is no mount allowlist at ${found.file}` : `the mount allowlist ${found.file} is not usable: ${found.problem}`;
  return `${request.hostPath} is not mounted: ${why}.`;
}

function verdict(request: AdditionalMount, decision: MountDecision): MountVerdict {
  if (!decision.ok) return { request, mount: null, explanation: `${request.hostPath} is not mounted: ${decision.reason}.` };
  const explanation = decision.downgraded === null ? null : `${request.hostPath} is mounted for reading only: ${decision.downgraded}.`;
  return { request, mount: decision.mount, explanation };
}
