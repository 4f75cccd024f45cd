import { describe, expect, it } from 'vitest';
import { bridgeEntry, desktopConfigFile } from '../../../main/cli/mcp-setup/claude-desktop.ts';

const WINDOWS = { APPDATA: 'C:\\Users\\me\\AppData\\Roaming', LOCALAPPDATA: 'D:\\Local' };
const PACKAGE = 'Claude_pzs8sxrjxfjjc';

describe('the file that Claude Desktop reads', () => {
  it.each([
    ['macOS', 'darwin', {}, [], '/home/me/Library/Application Support/Claude/claude_desktop_config.json'],
    ['Linux', 'linux', {}, [], '/home/me/.config/Claude/claude_desktop_config.json'],
    ['Linux with its own configuration folder', 'linux', { XDG_CONFIG_HOME: '/cfg' }, [], '/cfg/Claude/claude_desktop_config.json'],
    ['Windows, classic', 'win32', WINDOWS, [], 'C:\\Users\\me\\AppData\\Roaming\\Claude\\claude_desktop_config.json'],
    ['Windows, packaged', 'win32', WINDOWS, [PACKAGE], `D:\\Local\\Packages\\${PACKAGE}\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json`],
  ] as const)('on %s', (_, platform, env, packages, file) => {
    expect(desktopConfigFile({ platform, env, home: '/home/me', packages })).toBe(file);
  });

  it('on Windows without its variables is found from the home folder', () => {
    const places = { platform: 'win32', env: {}, home: 'C:\\Users\\me' } as const;
    expect(desktopConfigFile({ ...places, packages: [] })).toBe('C:\\Users\\me\\AppData\\Roaming\\Claude\\claude_desktop_config.json');
    expect(desktopConfigFile({ ...places, packages: [PACKAGE] })).toMatch(/^C:\\Users\\me\\AppData\\Local\\Packages\\/);
  });

  it('is not guessed between two packages, which are both named', () => {
    const several = () => desktopConfigFile({ platform: 'win32', env: WINDOWS, home: 'C:\\', packages: [PACKAGE, 'Claude_beta'] });
    expect(several).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(/Claude_pzs8sxrjxfjjc.*Claude_beta/) }));
  });
});

it('starts the bridge by absolute paths, and names places only', () => {
  const program = ['/usr/bin/node', '/opt/cli.js'];
  expect(bridgeEntry({ program, dataDir: '/data', agent: null, baseUrl: null })).toEqual({
    command: '/usr/bin/node',
    args: ['/opt/cli.js', 'mcp', 'bridge'],
    env: { WAIAAS_DATA_DIR: '/data' },
  });
  expect(bridgeEntry({ program, dataDir: '/data', agent: 'desk 1', baseUrl: 'http://nas:3100' })).toMatchObject({
    args: ['/opt/cli.js', 'mcp', 'bridge', '--agent', 'desk 1'],
    env: { WAIAAS_DATA_DIR: '/data', WAIAAS_BASE_URL: 'http://nas:3100' },
  });
});
