import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The checkout this plugin belongs to; rooms are paths below it. */
const ROOT = resolve(import.meta.dirname, '../../..');

/**
 * The floors of the house, lowest first (docs/architecture.md). An import may only lead to a lower floor or stay in its
 * own room; rooms on one floor do not know each other. `contract` is preload/contract.ts with its parts in
 * preload/contract/: types only, and imported by the one name.
 */
const FLOORS = [
  ['base'],
  ['config'],
  ['store'],
  ['access', 'bus', 'notify'],
  ['agents', 'schedule', 'channels', 'completions', 'updates'],
  ['contract'],
  ['server'],
  ['wheelhouse'],
  ['desktop', 'cli'],
  ['index'],
];
const FLOOR_OF = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor])));

/** Rooms that may load Electron's module: elsewhere it throws when the binary is missing, as on a server. */
const ELECTRON_ROOMS = new Set(['desktop', 'index', 'bridge']);
const ELECTRON = /^(electron|electron-updater)(\/|$)/;

/** The room of a file: its folder below main/, or its name for the few files that stand alone. Null outside the house. */
function roomOf(file) {
  const path = relative(ROOT, file).split(sep).join('/');
  if (path === 'preload/contract.ts' || path.startsWith('preload/contract/')) return 'contract';
  if (path.startsWith('preload/')) return 'bridge';
  if (path.startsWith('renderer/')) return 'renderer';
  if (path.startsWith('resources/')) return 'resources';
  if (path.startsWith('test/')) return 'test';
  const match = /^main\/([^/.]+)/.exec(path);
  return match === null ? null : match[1];
}

/** Why `from` may not import `to`; null when it may. Pure, so the test can walk every pair of rooms. */
function refusal(from, to, typeOnly, target) {
  if (from === to) return null;
  if (to === 'resources') return null;
  if (to === 'contract' && !typeOnly) return 'preload/contract.ts holds types only: use `import type`.';
  if (to === 'contract' && !/(^|[\\/])contract\.ts$/.test(target)) return 'The parts of the contract are imported from preload/contract.ts.';
  if (from === 'renderer') {
    return to === 'contract' ? null : 'renderer/ knows nothing but types from preload/contract.ts.';
  }
  if (from === 'bridge') return to === 'contract' ? null : 'preload/ knows nothing but preload/contract.ts.';
  if (from === 'contract') {
    if (typeOnly && /(^|\/)types\.ts$/.test(target)) return null;
    return 'preload/contract.ts may only import types, and only from a room’s types.ts.';
  }
  if (!FLOOR_OF.has(from)) return `main/${from} has no floor: add it to FLOORS in resources/scripts/lint/house-plugin.mjs.`;
  if (!FLOOR_OF.has(to)) return `${to} is not part of the core.`;
  if (FLOOR_OF.get(to) < FLOOR_OF.get(from)) return null;
  return FLOOR_OF.get(to) === FLOOR_OF.get(from)
    ? `${from} and ${to} are on one floor: declare what you need as an interface in ${from} and wire it in main/wheelhouse.ts.`
    : `${to} is above ${from}: an import may only go down.`;
}

/** Why a package may not be imported in a room; null when it may. */
function packageRefusal(room, name) {
  if (ELECTRON.test(name) && !ELECTRON_ROOMS.has(room) && room !== 'test') {
    return 'Electron is imported only in main/desktop/ and main/index.ts: the headless core runs without it.';
  }
  if (room === 'renderer' && isBuiltin(name)) return 'renderer/ runs in a browser: it has no Node modules.';
  if (room === 'contract') return 'preload/contract.ts holds types only and depends on no package.';
  return null;
}

const floors = {
  create(context) {
    const from = roomOf(context.filename);
    if (from === null || from === 'test' || from === 'resources') return {};
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const name = source.value;
      if (!name.startsWith('.')) {
        const message = packageRefusal(from, name);
        if (message !== null) context.report({ node, message });
        return;
      }
      const target = join(dirname(context.filename), name);
      const to = roomOf(target);
      const message = to === null ? `${name} is outside the house.` : refusal(from, to, typeOnly, target);
      if (message !== null) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal ?? node.argument, true),
      CallExpression: (node) => {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') check(node, node.arguments[0], false);
      },
    };
  },
};

/** State belongs to an object that somebody constructs; a variable of a module is a hidden singleton. */
const noModuleState = {
  create(context) {
    return {
      Program(program) {
        for (const node of program.body) {
          const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
          if (declaration?.type === 'VariableDeclaration' && (declaration.kind === 'let' || declaration.kind === 'var')) {
            context.report({ node: declaration, message: 'A module holds no state: give it to an object that is constructed.' });
          }
        }
      },
    };
  },
};

export default {
  meta: { name: 'house' },
  rules: { floors, 'no-module-state': noModuleState },
};
