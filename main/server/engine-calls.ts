import { z } from 'zod';
import type { EngineDesk, EngineStatus } from '../agents/engine-desk.ts';
import { DEFAULT_BLOCKED, writeAllowlist } from '../agents/mount-allowlist.ts';
import type { Mounts } from '../agents/mounts.ts';
import type { AdditionalMount } from '../agents/types.ts';
import { iso } from '../base/clock.ts';
import type { EngineView, MountAllowlistView } from '../../preload/contract.ts';
import type { CallDefinitions } from './calls.ts';
import { text } from './input-fields.ts';

export interface EngineCallParts {
  readonly desk: EngineDesk;
  readonly mounts: Mounts;
  readonly allowlistFile: string;
}

type EngineCallName = Extract<keyof CallDefinitions, `engine.${string}` | `mounts.${string}`>;

const NOTHING = z.strictObject({});
const ALLOWLIST = z.strictObject({ allowlist: z.unknown() });
const CHECK = z.strictObject({
  mounts: z.array(z.strictObject({ hostPath: text('hostPath', 4096), containerPath: text('containerPath', 255).optional(), readonly: z.boolean().optional() })).max(50),
  isMain: z.boolean(),
});

/** What the person sees of the container engine and of mounts, and does about them. */
export function engineCalls({ desk, mounts, allowlistFile }: EngineCallParts): Pick<CallDefinitions, EngineCallName> {
  const allowlist = (): MountAllowlistView => {
    const found = mounts.allowlist;
    return {
      file: found.file,
      state: found.state,
      problem: found.state === 'broken' ? found.problem : null,
      allowlist: found.state === 'ok' ? found.allowlist : null,
      alwaysBlocked: DEFAULT_BLOCKED,
    };
  };
  return {
    'engine.get': { by: 'window', args: NOTHING, run: () => engineView(desk.status) },
    'engine.check': { by: 'window', args: NOTHING, run: async () => engineView(await desk.check()) },
    'engine.build': { by: 'window', args: NOTHING, run: () => engineView(desk.startBuild()) },
    'mounts.get': { by: 'window', args: NOTHING, run: allowlist },
    'mounts.set': {
      by: 'window',
      args: ALLOWLIST,
      run: async (args) => {
        await writeAllowlist(allowlistFile, args.allowlist);
        return allowlist();
      },
    },
    'mounts.check': {
      by: 'window',
      args: CHECK,
      run: (args) => ({
        verdicts: mounts.decide(args.mounts.map(asked), { isMain: args.isMain }).map(({ request, mount, explanation }) => ({
          hostPath: request.hostPath,
          target: mount?.target ?? null,
          readOnly: mount?.readOnly ?? true,
          explanation,
        })),
      }),
    },
  };
}

/** Absent stays absent: an undefined field is none. */
function asked({ hostPath, containerPath, readonly }: { readonly hostPath: string; readonly containerPath?: string | undefined; readonly readonly?: boolean | undefined }): AdditionalMount {
  return { hostPath, ...(containerPath !== undefined && { containerPath }), ...(readonly !== undefined && { readonly }) };
}

function engineView({ image, build, checkedAt, ...status }: EngineStatus): EngineView {
  const at = (ms: number | null): string | null => (ms === null ? null : iso(ms));
  return {
    ...status,
    image: image === null ? null : { name: image.name, builtAt: at(image.builtAt), bytes: image.bytes },
    build: build === null ? null : { ...build, startedAt: iso(build.startedAt), endedAt: at(build.endedAt) },
    checkedAt: at(checkedAt),
  };
}
