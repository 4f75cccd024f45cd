import { win32 } from 'node:path';
import { serveArgs, type ServiceFacts, type ServicePlan } from './definition.ts';
import { xml } from './xml.ts';

const NAME = 'Wheelhouse';

/** A task of the Windows Task Scheduler: at logon of the user, without a time limit, and up again after a failure. */
export function scheduledTask({ program, dataDir, user, home }: ServiceFacts, environmentFile: string): ServicePlan {
  const [command = '', ...rest] = program;
  const file = win32.join(dataDir, 'service-task.xml');
  const text = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Wheelhouse core (headless)</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>${xml(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xml(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Hidden>true</Hidden>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>255</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(command)}</Command>
      <Arguments>${xml([...rest, ...serveArgs(dataDir, environmentFile)].map(quoted).join(' '))}</Arguments>
      <WorkingDirectory>${xml(home)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
  return {
    manager: 'Task Scheduler',
    file,
    text,
    encoding: 'utf16le',
    probe: ['schtasks', '/Query'],
    prepare: [['schtasks', '/End', '/TN', NAME]],
    install: [
      ['schtasks', '/Create', '/TN', NAME, '/XML', file, '/F'],
      ['schtasks', '/Run', '/TN', NAME],
    ],
    uninstall: [
      ['schtasks', '/End', '/TN', NAME],
      ['schtasks', '/Delete', '/TN', NAME, '/F'],
    ],
    afterwards: [],
    query: ['schtasks', '/Query', '/TN', NAME],
    hint: null,
  };
}

/** One argument by the rules of the C runtime: backslashes count only in front of a quote. */
function quoted(word: string): string {
  return `"${word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}
