const PER_STRING = 16;
const PER_OBJECT = 32;
const PER_SLOT = 8;

/**
 * About how much memory a JSON-like value holds, in bytes, counted by one walk that gives up as soon as it exceeds `limit`
 * (the result is then some number above it; a value that refers to itself ends there too).
 *
 * Why not the length of its JSON: that would build, and throw away, a string as large as the value. Strings count two bytes a
 * UTF-16 unit, which is right for Chinese and up to twice too much for plain English: the error is on the safe side.
 */
export function approximateBytes(value: unknown, limit: number): number {
  const open: unknown[] = [value];
  let bytes = 0;
  while (open.length > 0 && bytes <= limit) {
    const next = open.pop();
    bytes += PER_SLOT;
    if (typeof next === 'string') bytes += PER_STRING + 2 * next.length;
    else if (typeof next === 'object' && next !== null) bytes += ownBytes(next, open);
  }
  return bytes;
}

/** Bytes of the object without its parts; the parts are put on `open`. */
function ownBytes(object: object, open: unknown[]): number {
  if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) return PER_OBJECT + object.byteLength;
  if (object instanceof Map || object instanceof Set) {
    for (const [key, value] of object.entries()) open.push(key, value);
  } else if (Array.isArray(object)) {
    for (const item of object) open.push(item);
  } else {
    for (const name in object) open.push((object as Record<string, unknown>)[name]);
  }
  return PER_OBJECT;
}
