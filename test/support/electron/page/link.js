/**
 * One half of a context bridge; the other half is the same code in the other world of the page. The worlds share the
 * DOM, so synchronous custom events carry calls, and Chromium clones what the events hold from one world to the other.
 * Functions become numbers and back, promises settle by a later event, anything else is data.
 */
export function createLink({ incoming, outgoing, onExpose }) {
  // Held here, because the page may put its own functions in their places later.
  const listen = window.addEventListener.bind(window);
  const dispatch = window.dispatchEvent.bind(window);
  const PageEvent = CustomEvent;
  const functions = new Map();
  const promises = new Map();
  let lastId = 0;
  let returned = null;

  const post = (message) => dispatch(new PageEvent(outgoing, { detail: message }));

  function encode(value) {
    if (typeof value === 'symbol') throw new TypeError('An object could not be cloned.');
    if (typeof value === 'function') {
      lastId += 1;
      functions.set(lastId, value);
      return { type: 'function', id: lastId };
    }
    if (value instanceof Promise) return encodePromise(value);
    if (value instanceof Error) return { type: 'error', message: value.message };
    if (Array.isArray(value)) return { type: 'array', items: value.map(encode) };
    if (Object.prototype.toString.call(value) === '[object Object]') {
      return { type: 'object', entries: Object.entries(value).map(([key, member]) => [key, encode(member)]) };
    }
    return { type: 'data', value };
  }

  function encodePromise(promise) {
    lastId += 1;
    const id = lastId;
    promise.then(
      (value) => post({ kind: 'settle', id, ok: true, value: encode(value) }),
      (error) => post({ kind: 'settle', id, ok: false, value: encode(error) }),
    );
    return { type: 'promise', id };
  }

  function decode(encoded) {
    switch (encoded.type) {
      case 'function':
        return (...args) => call(encoded.id, args);
      case 'promise':
        return new Promise((resolve, reject) => promises.set(encoded.id, { resolve, reject }));
      case 'error':
        return new Error(encoded.message);
      case 'array':
        return encoded.items.map(decode);
      case 'object':
        return Object.fromEntries(encoded.entries.map(([key, member]) => [key, decode(member)]));
      default:
        return encoded.value;
    }
  }

  function call(id, args) {
    post({ kind: 'call', id, args: args.map(encode) });
    const answer = returned;
    returned = null;
    if (answer === null) throw new Error('The other world of this page is gone.');
    const value = decode(answer.value);
    if (!answer.ok) throw value;
    return value;
  }

  function run({ id, args }) {
    try {
      return { kind: 'return', ok: true, value: encode(functions.get(id)(...args.map(decode))) };
    } catch (error) {
      return { kind: 'return', ok: false, value: encode(error) };
    }
  }

  listen(incoming, ({ detail }) => {
    switch (detail.kind) {
      case 'expose':
        onExpose(detail.key, decode(detail.api));
        break;
      case 'call':
        post(run(detail));
        break;
      case 'return':
        returned = detail;
        break;
      case 'settle': {
        const { resolve, reject } = promises.get(detail.id);
        promises.delete(detail.id);
        (detail.ok ? resolve : reject)(decode(detail.value));
        break;
      }
    }
  });

  return { expose: (key, api) => post({ kind: 'expose', key, api: encode(api) }) };
}
