import { EventEmitter } from 'node:events';
import { backstage, type Host } from './host.ts';
import type { Shape } from './shape.ts';
import type { MenuItemRecord } from './state.ts';

type Template = Electron.MenuItemConstructorOptions;

const OPTIONS = new Set(['id', 'label', 'type', 'enabled', 'click']);

/** One line of a menu, with Electron's defaults. */
interface MenuItem extends MenuItemRecord {
  readonly click: Template['click'];
}

/** A menu as it was built; what a tray shows of it is what it was when the tray was given it. */
export class StandInMenu extends EventEmitter {
  readonly #items: readonly MenuItem[];

  private constructor(items: readonly MenuItem[]) {
    super();
    this.#items = items;
  }

  static build(template: readonly (Template | Electron.MenuItem)[]): StandInMenu {
    return new StandInMenu(template.map((item) => menuItem(item as Template)));
  }

  get [backstage]() {
    return {
      record: (): readonly MenuItemRecord[] => this.#items.map(({ click: _click, ...record }) => record),
      click: (id: string): void => {
        const item = this.#items.find((candidate) => candidate.id === id);
        if (item === undefined) throw new Error(`The menu has no item ${id}, only ${this.#items.map((each) => each.id).join(', ')}.`);
        if (!item.enabled) throw new Error(`The menu item ${id} is disabled.`);
        item.click?.(item as never, undefined, {});
      },
    };
  }
}

/** The static side, which is all that an application sees of the class. */
export function menuStatics(host: Host): Shape<typeof Electron.Menu, 'setApplicationMenu', 'buildFromTemplate'> {
  return {
    buildFromTemplate: (template: readonly Template[]) => StandInMenu.build(template),
    setApplicationMenu: (menu) => {
      host.applicationMenu = menu as unknown as StandInMenu | null;
    },
  };
}

function menuItem(options: Template): MenuItem {
  for (const name of Object.keys(options)) if (!OPTIONS.has(name)) throw new Error(`not in the stand-in: the option ${name} of a menu item`);
  const type = options.type ?? 'normal';
  if (type !== 'separator' && options.label === undefined) throw new Error('not in the stand-in: menu items without a label');
  return { id: options.id ?? null, type, label: shown(options.label ?? ''), enabled: options.enabled ?? true, click: options.click };
}

/** A single ampersand marks a mnemonic, two are one. */
function shown(label: string): string {
  return label.replaceAll(/&(&?)/g, '$1');
}
