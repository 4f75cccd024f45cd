import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BLOCKED, type AllowedRoot, type MountAllowlist } from '../../../main/agents/mount-allowlist.ts';
import { containerPathProblem, decideMount, type MountDecision, type MountQuestion } from '../../../main/agents/mount-rules.ts';

const PROJECTS: AllowedRoot = { path: '~/projects', allowReadWrite: true };
const PAPERS: AllowedRoot = { path: '~/papers', allowReadWrite: false };
const allowlist: MountAllowlist = { allowedRoots: [PROJECTS, PAPERS], blockedPatterns: ['payroll'], nonMainReadOnly: true };
const roots = [
  { root: PROJECTS, real: '/home/kim/projects' },
  { root: PAPERS, real: '/data/papers' },
];

interface Ask {
  readonly path?: string | null;
  readonly kind?: 'folder' | 'file' | 'other';
  readonly containerPath?: string;
  readonly readonly?: boolean;
  readonly isMain?: boolean;
  readonly rest?: Partial<MountQuestion>;
}

function decide({ path = '/home/kim/projects/web', kind = 'folder', containerPath, readonly, isMain = true, rest = {} }: Ask): MountDecision {
  return decideMount({
    request: { hostPath: '~/projects/web', ...(containerPath === undefined ? {} : { containerPath }), ...(readonly === undefined ? {} : { readonly }) },
    isMain,
    allowlist,
    roots,
    path: { real: path, kind },
    guarded: ['/home/kim/.waiaas'],
    taken: [],
    ignoreCase: false,
    ...rest,
  });
}
const reason = (ask: Ask): string => {
  const decision = decide(ask);
  return decision.ok ? 'allowed' : decision.reason;
};

describe('SEC-01: below which folders', () => {
  it('SEC-01: a folder below an allowed root is mounted under its own name, for reading', () => {
    expect(decide({})).toEqual({
      ok: true,
      mount: { source: '/home/kim/projects/web', target: '/workspace/extra/web', readOnly: true },
      downgraded: null,
    });
  });

  it('the root itself counts', () => {
    expect(reason({ path: '/home/kim/projects' })).toBe('allowed');
  });

  it.each(['/home/lee', '/usr', '/home/kim/projects-old', '/home/kim/project', '/etc', '/data'])('%s is below no root', (path) => {
    expect(reason({ path })).toContain('not below any folder of the mount allowlist');
  });

  it('capitals make another folder only where the file system says so', () => {
    expect(reason({ path: '/home/kim/Projects/web' })).toContain('not below');
    expect(reason({ path: '/home/kim/Projects/web', rest: { ignoreCase: true } })).toBe('allowed');
  });

  it('nothing that holds our own data is mounted, and nothing in it', () => {
    const guarded = ['/home/kim/projects/.waiaas'];
    expect(reason({ path: '/home/kim/projects', rest: { guarded } })).toContain('would open /home/kim/projects/.waiaas');
    expect(reason({ path: '/home/kim/projects/.waiaas/groups', rest: { guarded } })).toContain('would open');
    expect(reason({ path: '/home/kim/projects/.waiaas2', rest: { guarded } })).toBe('allowed');
  });
});

describe('SEC-02: what is never mounted', () => {
  it.each(DEFAULT_BLOCKED)('SEC-02: a name with %s in it', (pattern) => {
    expect(reason({ path: `/home/kim/projects/${pattern}` })).toContain('keys and passwords');
    expect(reason({ path: `/home/kim/projects/my${pattern}-2/deeper` })).toContain('keys and passwords');
    expect(reason({ path: `/home/kim/projects/${pattern.toUpperCase()}` })).toContain('keys and passwords');
  });

  it('patterns of the user come on top of the built-in ones', () => {
    expect(reason({ path: '/home/kim/projects/payroll-2026' })).toContain('"payroll"');
  });

  it('what is not there, and what is neither folder nor file', () => {
    expect(reason({ path: null })).toContain('nothing is there');
    expect(reason({ path: '/home/kim/projects/engine.sock', kind: 'other' })).toContain('neither a folder nor a file');
    expect(reason({ path: '/home/kim/projects/notes.md', kind: 'file' })).toBe('allowed');
  });
});

describe('SEC-04: reading and writing', () => {
  it.each([
    // asked, main, root allows, only main may write -> read only
    { readonly: undefined, isMain: true, writable: true, mainOnly: false, readOnly: true },
    { readonly: true, isMain: true, writable: true, mainOnly: false, readOnly: true },
    { readonly: false, isMain: true, writable: true, mainOnly: true, readOnly: false },
    { readonly: false, isMain: true, writable: false, mainOnly: false, readOnly: true },
    { readonly: false, isMain: false, writable: true, mainOnly: true, readOnly: true },
    { readonly: false, isMain: false, writable: true, mainOnly: false, readOnly: false },
    { readonly: false, isMain: false, writable: false, mainOnly: false, readOnly: true },
  ])('SEC-04: %o', ({ readonly, isMain, writable, mainOnly, readOnly }) => {
    const root = { ...PROJECTS, allowReadWrite: writable };
    const decision = decide({
      isMain,
      ...(readonly === undefined ? {} : { readonly }),
      rest: { allowlist: { ...allowlist, nonMainReadOnly: mainOnly }, roots: [{ root, real: '/home/kim/projects' }] },
    });
    expect(decision).toMatchObject({ ok: true, mount: { readOnly } });
    expect(decision.ok && decision.downgraded !== null).toBe(readonly === false && readOnly);
  });

  it('the narrowest root decides, whatever the order in the file', () => {
    const archive: AllowedRoot = { path: '~/projects/archive', allowReadWrite: false };
    const both = [roots[0]!, { root: archive, real: '/home/kim/projects/archive' }];
    for (const order of [both, [...both].reverse()]) {
      expect(decide({ path: '/home/kim/projects/archive/2019', readonly: false, rest: { roots: order } })).toMatchObject({ mount: { readOnly: true } });
      expect(decide({ path: '/home/kim/projects/web', readonly: false, rest: { roots: order } })).toMatchObject({ mount: { readOnly: false } });
    }
  });
});

describe('where it appears in the container', () => {
  it.each([
    ['', 'is blank'],
    ['  ', 'is blank'],
    ['/etc', 'must be relative'],
    ['../group', 'holds ".."'],
    ['a/../../b', 'holds ".."'],
    ['a..b', 'holds ".."'],
    ['a:ro', 'holds a colon'],
    ['a\\b', 'holds a colon, a backslash'],
    ['a\nb', 'control character'],
    ['a//b', 'empty part'],
    ['a/./b', 'part "."'],
    ['a/', 'empty part'],
    ['x'.repeat(201), 'longer than 200'],
  ])('%j is refused because it %s', (containerPath, why) => {
    expect(reason({ containerPath })).toContain(why);
  });

  it('two mounts never lie in one another', () => {
    for (const taken of ['/workspace/extra/web', '/workspace/extra/web/deep', '/workspace/extra']) {
      expect(reason({ rest: { taken: [taken] } })).toContain('mounted already');
    }
    expect(reason({ rest: { taken: ['/workspace/extra/web2'] } })).toBe('allowed');
  });

  it('a path that passes always stays below /workspace/extra', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', ' ', '\\', ':', '~', '\0'), maxLength: 12 }), (path) => {
        if (containerPathProblem(path) !== null) return;
        expect(new URL(`file:///workspace/extra/${encodeURI(path)}`).pathname.startsWith('/workspace/extra/')).toBe(true);
        expect(path.split('/')).not.toContain('..');
      }),
      { numRuns: 1000 },
    );
  });
});
