import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { localTime } from './text.ts';

/** How often a build is looked at while somebody watches it. */
const LOOK_MS = 250;
const MB = 1e6;

/** `wheelhouse engine check`: looks for the engine and the image; ends with 0 only when agents can run. */
export async function engineCheck({ core, output }: CommandContext): Promise<number> {
  const view = await (await core('offline')).call('engine.check', {});
  output.result(view, engineLines(view).join('\n'));
  return view.runner === 'process' || (view.facts !== null && view.image?.builtAt !== null) ? EXIT.ok : EXIT.failure;
}

/** `wheelhouse engine build`: builds the image and shows how it goes. A running core goes on with it when this is ended. */
export async function engineBuild({ core, output }: CommandContext): Promise<number> {
  const opened = await core('offline');
  let view = await opened.call('engine.build', {});
  let told = '';
  while (view.build?.state === 'running') {
    const { step, steps, line } = view.build;
    const now = line === '' ? '' : `${steps === 0 ? '' : `[${step}/${steps}] `}${line}`;
    if (now !== told && now !== '') output.note(now);
    told = now;
    await sleep(LOOK_MS);
    view = await opened.call('engine.get', {});
  }
  const failed = view.build?.state === 'failed';
  output.result(view, failed ? (view.build?.error ?? 'The build failed.') : `Built ${view.image?.name ?? 'the image'}${view.image?.bytes === null || view.image === null ? '' : ` (${Math.round(view.image.bytes / MB)} MB)`}.`);
  return failed ? EXIT.failure : EXIT.ok;
}

function engineLines({ runner, facts, problem, image, limits }: EngineView): readonly string[] {
  const none = 'no limit';
  const contained = `Limits:  ${limits.memoryMb ?? none} MiB memory, ${limits.cpus ?? none} processors, ${limits.pids ?? none} processes, network ${limits.network}; groups may differ`;
  return [
    ...(runner === 'process' ? ['Agents run as programs of this machine, NOT isolated ([agents] runner).'] : []),
    facts === null
      ? `Engine:  ${problem === null ? 'not looked for' : `${problem.cause}\n         ${problem.cure}`}`
      : `Engine:  ${facts.name} ${facts.version} at ${facts.address}${facts.rootless ? ', as a user' : ''}${facts.inVm ? ', in a virtual machine' : ''} (${facts.cpus} processors, ${facts.memoryMb} MiB)`,
    ...(facts !== null && facts.missingLimits.length > 0 ? [`         It cannot limit: ${facts.missingLimits.join(', ')}.`] : []),
    ...(image === null ? [] : [image.builtAt === null ? `Image:   ${image.name} has not been built. Build it: wheelhouse engine build` : `Image:   ${image.name}, built ${localTime(image.builtAt)}, ${Math.round((image.bytes ?? 0) / MB)} MB`]),
    ...(runner === 'container' ? [contained] : []),
  ];
}
