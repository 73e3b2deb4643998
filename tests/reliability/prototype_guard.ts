/** Detects changes of `Object.prototype`. @module */

/** Records `Object.prototype`, and gives a function that says whether it is unchanged. */
export function createPrototypeGuard(): () => boolean {
  const keys = Reflect.ownKeys(Object.prototype);
  const values = keys.map(valueOf);
  return () => {
    const found = Reflect.ownKeys(Object.prototype);
    if (found.length !== keys.length) return false;
    for (let i = 0; i < keys.length; i++) {
      if (found[i] !== keys[i] || valueOf(keys[i]!) !== values[i]) return false;
    }
    return true;
  };
}

function valueOf(key: PropertyKey): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(Object.prototype, key);
  return descriptor?.value ?? descriptor?.get;
}
