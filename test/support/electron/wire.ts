/**
 * What crosses between main and a page. Electron clones structurally; the stand-in sends JSON and refuses loudly what
 * JSON would change, so that a test never passes on a value that arrives as something else.
 */
export type Wire = readonly ({ readonly value: unknown } | { readonly missing: true })[];

export function toWire(args: readonly unknown[]): Wire {
  return args.map((value) => {
    if (value === undefined) return { missing: true };
    assertPlain(value);
    return { value };
  });
}

export function fromWire(wire: Wire): unknown[] {
  return wire.map((entry) => ('value' in entry ? entry.value : undefined));
}

function assertPlain(value: unknown): void {
  switch (typeof value) {
    case 'function':
    case 'symbol':
      throw new Error('An object could not be cloned.');
    case 'bigint':
      throw new Error('not in the stand-in: sending a bigint between processes');
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`not in the stand-in: sending ${value} between processes`);
      return;
    case 'object': {
      if (value === null) return;
      const tag = Object.prototype.toString.call(value);
      if (tag !== '[object Object]' && tag !== '[object Array]') throw new Error(`not in the stand-in: sending ${tag} between processes`);
      for (const member of Object.values(value)) assertPlain(member);
      return;
    }
    default:
  }
}
