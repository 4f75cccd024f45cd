import type { UpdatesView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';

/** What the person does where nothing here can replace the program. */
const CURES: Readonly<Record<NonNullable<UpdatesView['obstacle']>, string>> = {
  headless: 'A core without a desktop does not replace itself: install it as you installed this one, then restart the service.',
  development: 'This is a checkout, which does not replace itself: fetch and build it.',
  package: 'This installation belongs to the package manager: install the new package with it.',
  'read-only': 'The file of this program cannot be replaced where it lies: make its folder writable, or put the new one there.',
};

/** `wheelhouse update check`. Ends with 1 when it could not be looked, or there is no feed. */
export async function updateCheck({ core, output }: CommandContext): Promise<number> {
  const view = await (await core('running')).call('updates.check', {});
  output.result(view, updateLines(view).join('\n'));
  return view.state === 'off' || view.problem !== null ? EXIT.failure : EXIT.ok;
}

function updateLines({ state, version, latest, feed, problem, obstacle }: UpdatesView): readonly string[] {
  const here = `Version ${version} runs.`;
  if (state === 'off') return [here, 'Nothing is looked for: [updates] feed is empty. Set it to the address of a folder with published versions.'];
  return [
    here,
    ...(state === 'current' ? [`${feed} has nothing newer.`] : []),
    ...(latest === null ? [] : [`Version ${latest} is at ${feed}.`]),
    ...(state === 'downloading' ? ['It is being downloaded.'] : []),
    ...(state === 'ready' ? ['It is downloaded. Choose "Restart to update" in the tray.'] : []),
    ...(state === 'available' && obstacle !== null ? [CURES[obstacle]] : []),
    ...(problem === null ? [] : [problem.message]),
  ];
}
