import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { killSwitchLine } from './kill-switch.ts';
import { count, localTime, table } from './text.ts';

/** `wheelhouse status`. Ends with 3 when no core runs, so that scripts can ask. */
export async function status({ core, output }: CommandContext): Promise<number> {
  const opened = await core('running');
  const [status, killSwitch] = [await opened.call('status.get', {}), await opened.call('killSwitch.get', {})];
  const report = { ...status, killSwitch };
  const { info, status: state } = report;
  const rows = [
    ['State', state.state],
    ['Kill switch', killSwitchLine(killSwitch)],
    ['Version', `${info.version}, ${info.mode}, process ${report.pid}`],
    ['Running since', localTime(info.startedAt)],
    ['MCP clients', info.mcpUrl],
    ['Data', info.dataDir],
    ['Team', `${count(report.agents, 'agent')}, ${count(report.liveSessions, 'live session')}`],
    ['Work', `${count(report.openTasks, 'open task')}, ${state.working} in progress, ${count(report.locksHeld, 'lock')} held`],
    ['Needs you', state.needsYou === 0 ? 'nothing' : count(state.needsYou, 'thing')],
    ...state.problems.map((problem) => ['Problem', problem.message]),
  ];
  output.result(report, table(rows));
  return state.state === 'ok' ? EXIT.ok : EXIT.failure;
}

/** `wheelhouse ui`. */
export async function ui({ core, output }: CommandContext): Promise<number> {
  const link = await (await core('running')).call('ui.link', {});
  output.result(link, link.url);
  return EXIT.ok;
}
