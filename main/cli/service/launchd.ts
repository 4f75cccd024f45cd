import { posix } from 'node:path';
import { serveArgs, type ServiceFacts, type ServicePlan } from './definition.ts';
import { xml } from './xml.ts';

const LABEL = 'dev.wheelhouse.core';

/** A launchd agent of the user: from login on, and up again after whatever happens. */
export function launchAgent({ program, dataDir, home, uid }: ServiceFacts, environmentFile: string): ServicePlan {
  const file = posix.join(home, 'Library/LaunchAgents', `${LABEL}.plist`);
  const words = [...program, ...serveArgs(dataDir, environmentFile)].map((word) => `    <string>${xml(word)}</string>`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
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
  <string>${xml(home)}</string>
  <key>StandardErrorPath</key>
  <string>${xml(posix.join(dataDir, 'logs/service.log'))}</string>
</dict>
</plist>
`;
  const domain = `gui/${uid}`;
  return {
    manager: 'launchd',
    file,
    text,
    encoding: 'utf8',
    probe: ['launchctl', 'print', domain],
    // What is loaded already cannot be loaded again.
    prepare: [['launchctl', 'bootout', `${domain}/${LABEL}`]],
    install: [['launchctl', 'bootstrap', domain, file]],
    uninstall: [['launchctl', 'bootout', `${domain}/${LABEL}`]],
    afterwards: [],
    query: ['launchctl', 'print', `${domain}/${LABEL}`],
    hint: null,
  };
}
