/**
 * Longest stored term in UTF-16 code units. Longer terms are cut, at indexing and at lookup alike,
 * so two terms that differ only beyond this length count as one.
 */
export const MAX_TERM_UNITS = 255;

/** Number of code units of a term that the index looks at. */
export function termLength(term: string): number {
  return Math.min(term.length, MAX_TERM_UNITS);
}

/** 32-bit hash of a term's code units: FNV-1a, then a final mix so that the high bits are even too. */
export function hashTerm(term: string): number {
  const length = termLength(term);
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Whether `units` from `start` on holds exactly this term. */
export function isTerm(term: string, units: Uint16Array, start: number, length: number): boolean {
  if (termLength(term) !== length) return false;
  for (let i = 0; i < length; i++) if (units[start + i] !== term.charCodeAt(i)) return false;
  return true;
}

/** Order of two terms with equal hashes: by length, then by code units. */
export function compareUnits(a: Uint16Array, b: Uint16Array): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
