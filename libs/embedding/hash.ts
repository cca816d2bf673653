/** Well mixed 32-bit hash (FNV-1a with a final avalanche); the same on every machine. `seed` keeps kinds of features apart. */
export function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return avalanche(hash);
}

/** Hash of an ordered pair of hashes. */
export function hashOfPair(first: number, second: number): number {
  return avalanche(Math.imul(first, 0x9e3779b1) ^ second);
}

function avalanche(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
