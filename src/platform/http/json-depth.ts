/** Levels of what callers send; the deepest that means something is a schema of a tool. */
export const deepestJson = 100;

const quote = 0x22;
const backslash = 0x5c;
/** Longer texts are left to the native search, which is faster from there on. */
const shortText = 32;

/**
 * Whether lists and objects nest deeper than `most` levels. Looks at the bytes only, about 2 ms a megabyte, and need not be given valid JSON: to
 * parse what nests a hundred thousand levels takes a hundred times as long, and whoever walks through it afterwards runs out of stack.
 */
export function nestsDeeper(json: Buffer, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at + 1);
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > most) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

/** @returns the place of the closing quote, or the end */
function endOfText(json: Buffer, from: number): number {
  let at = from;
  for (const last = Math.min(json.length, from + shortText); at < last; at++) {
    if (json[at] === quote) return at;
    if (json[at] === backslash) at++;
  }
  for (at = json.indexOf(quote, at); at >= 0; at = json.indexOf(quote, at + 1)) if (!isEscaped(json, at, from)) return at;
  return json.length;
}

function isEscaped(json: Buffer, at: number, from: number): boolean {
  let before = at - 1;
  while (before >= from && json[before] === backslash) before--;
  return (at - 1 - before) % 2 === 1;
}
