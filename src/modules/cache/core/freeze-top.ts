/** Freezes a plain object or an array, not what is in it: the parts may belong to somebody who may change them. */
export function freezeTop<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype ? Object.freeze(value) : value;
}
