import { posix } from 'node:path';
import { serveArgs, type ServiceFacts, type ServicePlan } from './definition.ts';

const UNIT = 'wheelhouse.service';

/** A systemd user unit (seed 003 §3.3 modification 3): from login on, and up again after whatever happens. */
export function userUnit({ program, dataDir, home }: ServiceFacts, environmentFile: string): ServicePlan {
  const text = `[Unit]
Description=Wheelhouse core (headless)
After=network.target
# It goes on trying, also while the desktop application has the data directory.
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart=${[...program, ...serveArgs(dataDir, environmentFile)].map(quoted).join(' ')}
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
`;
  return {
    manager: 'systemd',
    file: posix.join(home, '.config/systemd/user', UNIT),
    text,
    encoding: 'utf8',
    probe: ['systemctl', '--user', 'show-environment'],
    prepare: [],
    install: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', UNIT],
      // Also takes over a changed definition.
      ['systemctl', '--user', 'restart', UNIT],
    ],
    uninstall: [['systemctl', '--user', 'disable', '--now', UNIT]],
    afterwards: [['systemctl', '--user', 'daemon-reload']],
    query: ['systemctl', '--user', 'is-active', UNIT],
    hint: 'It starts when you log in. To have it run from the start of the machine: loginctl enable-linger',
  };
}

/** One word of an Exec line: `%` begins a specifier and `$` a variable for systemd. */
function quoted(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}
