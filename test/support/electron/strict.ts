/** Asked for by JavaScript itself or by loggers, and absent on Electron's objects too. */
const NEVER_THERE: ReadonlySet<string> = new Set(['then', 'toJSON', 'asymmetricMatch', '$$typeof']);
/** What may still be asked of a destroyed object. */
const AFTER_DESTRUCTION: ReadonlySet<string> = new Set(['isDestroyed', 'destroy', 'id', 'on', 'once', 'off', 'removeListener', 'removeAllListeners', 'emit', 'constructor']);

/**
 * The face of a stand-in object: a member it does not have throws instead of being undefined, and a destroyed object
 * throws as Electron's do. Methods are bound, so that private fields work through the face.
 */
export function strict<T extends object>(target: T, name: string, destroyed: () => boolean = () => false): T {
  const bound = new Map<string, unknown>();
  const check = (key: string): void => {
    if (!(key in target)) throw new Error(`not in the stand-in: ${name}.${key}`);
    if (destroyed() && !AFTER_DESTRUCTION.has(key)) throw new TypeError('Object has been destroyed');
  };
  return new Proxy(target, {
    get(_target, key) {
      if (typeof key === 'symbol') return Reflect.get(target, key, target);
      if (NEVER_THERE.has(key) && !(key in target)) return undefined;
      check(key);
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || key === 'constructor') return value;
      if (!bound.has(key)) bound.set(key, value.bind(target));
      return bound.get(key);
    },
    set(_target, key, value) {
      if (typeof key === 'string') check(key);
      return Reflect.set(target, key, value, target);
    },
  });
}

/** An event whose default the application can prevent. */
export class PreventableEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** A preventable event that carries details, strict like everything else. */
export function eventWith<D extends object>(name: string, details: D): PreventableEvent & D {
  return strict(Object.assign(new PreventableEvent(), details), `${name} event`);
}
