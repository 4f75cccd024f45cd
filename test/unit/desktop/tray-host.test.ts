import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../main/base/log.ts';
import { trayHostPresent, type RunProgram } from '../../../main/desktop/tray-host.ts';

const ask = async (answers: Readonly<Record<string, string | null>>, platform: NodeJS.Platform = 'linux') => {
  const asked: string[] = [];
  const run: RunProgram = async (program) => {
    asked.push(program);
    const answer = answers[program] ?? null;
    if (answer === null) throw new Error(`${program} failed`);
    return answer;
  };
  return { present: await trayHostPresent(platform, run, silentLog()), asked };
};

describe('whether something shows tray icons', () => {
  it.each([
    ['yes, says gdbus', { gdbus: '(<true>,)\n' }, true],
    ['no, says gdbus', { gdbus: '(<false>,)\n' }, false],
    ['yes, says dbus-send where gdbus is missing', { 'dbus-send': '   variant       boolean true\n' }, true],
    ['no, says dbus-send', { 'dbus-send': '   variant       boolean false\n' }, false],
    ['no, when nobody answers', {}, false],
  ])('%s', async (_case, answers, present) => {
    expect((await ask(answers)).present).toBe(present);
  });

  it('needs no question elsewhere than on Linux', async () => {
    expect(await ask({}, 'win32')).toEqual({ present: true, asked: [] });
    expect(await ask({}, 'darwin')).toEqual({ present: true, asked: [] });
  });

  it('needs one question when the first is answered', async () => {
    expect((await ask({ gdbus: '(<false>,)', 'dbus-send': 'boolean true' })).asked).toEqual(['gdbus']);
  });
});
