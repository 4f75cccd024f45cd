import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { environmentFile, neededVariables } from '../../../main/cli/service/environment.ts';
import type { ServiceFacts } from '../../../main/cli/service/definition.ts';
import { servicePlan } from '../../../main/cli/service/plan.ts';

const POSIX: ServiceFacts = { program: ['/usr/bin/node', '/opt/wheel house/out/main/cli.js'], dataDir: '/home/jay/.waiaas', home: '/home/jay', uid: 501, user: 'jay' };
const WINDOWS: ServiceFacts = {
  program: ['C:\\Program Files\\nodejs\\node.exe', 'C:\\Wheelhouse\\cli.js'],
  dataDir: 'C:\\Users\\Jay\\.waiaas',
  home: 'C:\\Users\\Jay',
  uid: -1,
  user: 'DESK\\Jay & Co',
};

describe('the service of each system', () => {
  test('a systemd user unit', () => {
    const plan = servicePlan('linux', POSIX, '/home/jay/.waiaas/service.env')!;
    expect(plan.file).toBe('/home/jay/.config/systemd/user/wheelhouse.service');
    expect(plan.text).toBe(`[Unit]
Description=Wheelhouse core (headless)
After=network.target
# It goes on trying, also while the desktop application has the data directory.
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart="/usr/bin/node" "/opt/wheel house/out/main/cli.js" "serve" "--data-dir" "/home/jay/.waiaas" "--env-file" "/home/jay/.waiaas/service.env"
WorkingDirectory=%h
Restart=always
RestartSec=5
# Known from systemd 254 on; earlier ones ignore it and go on every 5 seconds.
RestartSteps=6
RestartMaxDelaySec=300
TimeoutStopSec=45
UMask=0077
NoNewPrivileges=true

[Install]
WantedBy=default.target
`);
    expect([plan.probe, ...plan.prepare, ...plan.install, ...plan.uninstall, ...plan.afterwards, plan.query].map((command) => command.join(' '))).toEqual([
      'systemctl --user show-environment',
      'systemctl --user daemon-reload',
      'systemctl --user enable wheelhouse.service',
      'systemctl --user restart wheelhouse.service',
      'systemctl --user disable --now wheelhouse.service',
      'systemctl --user daemon-reload',
      'systemctl --user is-active wheelhouse.service',
    ]);
  });

  test('what means something to systemd is written so that it does not', () => {
    const plan = servicePlan('linux', { ...POSIX, dataDir: '/srv/100%/$HOME/"x"\\y' }, '/e')!;
    expect(plan.text).toContain('"--data-dir" "/srv/100%%/$$HOME/\\"x\\"\\\\y" "--env-file" "/e"');
  });

  test('a launchd agent', () => {
    const plan = servicePlan('darwin', { ...POSIX, home: '/Users/jay', dataDir: '/Users/jay/a & b' }, '/Users/jay/a & b/service.env')!;
    expect(plan.file).toBe('/Users/jay/Library/LaunchAgents/dev.wheelhouse.core.plist');
    expect(plan.text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>dev.wheelhouse.core</string>
  <key>ProgramArguments</key>
  <array>
    <string>/usr/bin/node</string>
    <string>/opt/wheel house/out/main/cli.js</string>
    <string>serve</string>
    <string>--data-dir</string>
    <string>/Users/jay/a &amp; b</string>
    <string>--env-file</string>
    <string>/Users/jay/a &amp; b/service.env</string>
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>Umask</key>
  <integer>63</integer>
  <key>WorkingDirectory</key>
  <string>/Users/jay</string>
  <key>StandardErrorPath</key>
  <string>/Users/jay/a &amp; b/logs/service.log</string>
</dict>
</plist>
`);
    expect([...plan.prepare, ...plan.install, ...plan.uninstall, plan.query].map((command) => command.join(' '))).toEqual([
      'launchctl bootout gui/501/dev.wheelhouse.core',
      'launchctl bootstrap gui/501 /Users/jay/Library/LaunchAgents/dev.wheelhouse.core.plist',
      'launchctl bootout gui/501/dev.wheelhouse.core',
      'launchctl print gui/501/dev.wheelhouse.core',
    ]);
  });

  test('a Windows task', () => {
    const plan = servicePlan('win32', WINDOWS, 'C:\\Users\\Jay\\.waiaas\\service.env')!;
    expect(plan).toMatchObject({ file: 'C:\\Users\\Jay\\.waiaas\\service-task.xml', encoding: 'utf16le' });
    expect(plan.text).toBe(`<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Wheelhouse core (headless)</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>DESK\\Jay &amp; Co</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>DESK\\Jay &amp; Co</UserId>
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
      <Command>C:\\Program Files\\nodejs\\node.exe</Command>
      <Arguments>"C:\\Wheelhouse\\cli.js" "serve" "--data-dir" "C:\\Users\\Jay\\.waiaas" "--env-file" "C:\\Users\\Jay\\.waiaas\\service.env"</Arguments>
      <WorkingDirectory>C:\\Users\\Jay</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`);
    expect(plan.install.map((command) => command.join(' '))).toEqual(['schtasks /Create /TN Wheelhouse /XML C:\\Users\\Jay\\.waiaas\\service-task.xml /F', 'schtasks /Run /TN Wheelhouse']);
  });

  test('no other system', () => {
    expect(servicePlan('freebsd', POSIX, '/e')).toBeNull();
  });
});

describe('the environment of the service', () => {
  test('is what Wheelhouse needs and nothing else', () => {
    const env = { PATH: '/bin', HOME: '/h', AWS_SECRET_ACCESS_KEY: 'x', ANU_BOT_TOKEN: '1:a', CO_BUS_KEY: '', WAIAAS_SERVER_PORT: '3200', WAIAAS_MASTER_PASSWORD: 'never', REDIS_URL: 'redis://h' };
    expect([...neededVariables(env)]).toEqual([
      ['ANU_BOT_TOKEN', '1:a'],
      ['REDIS_URL', 'redis://h'],
      ['WAIAAS_SERVER_PORT', '3200'],
    ]);
  });

  test.each(['plain', 'two words', "it's", 'say "hi"', '#no comment', 'a=b', '$HOME `id`', 'back\\slash\\n', ' spaces ', '한글'])('reads back %j', (value) => {
    expect(parseEnv(environmentFile(new Map([['A', value]])))).toEqual({ A: value });
  });

  test.each(['a\nb', '\'"`', `it's \`x\` "y"`])('refuses %j, which no such file can hold', (value) => {
    expect(() => environmentFile(new Map([['A', value]]))).toThrow('A holds characters');
  });
});
