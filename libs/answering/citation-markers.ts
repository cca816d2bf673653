/** A citation marker of a language model: [1], [1, 3], [2-4], 【1】, [^1]. Years ([2019]) and links ([1](…)) are none. */
export const MARKER = /[[［【]\^?(\d{1,3}(?:\s*[,，、–-]\s*\d{1,3})*)\^?[\]］】](?!\()/g;

/** The numbers that one marker names, ranges written out. */
export function numbersOf(inside: string): number[] {
  return inside.split(/[,，、]/).flatMap((part) => {
    const [from, to] = part.split(/[–-]/).map((number) => Number(number.trim()));
    if (to === undefined || to < from! || to - from! > 20) return [from!];
    return Array.from({ length: to - from! + 1 }, (_, step) => from! + step);
  });
}

export interface MarkedText {
  /** With valid markers only, each as `[n]`. */
  text: string;
  /** Without any marker. */
  bare: string;
  /** Where the valid markers stood in `bare`. */
  markers: { number: number; at: number }[];
}

/** Takes markers out of a text and drops those whose number is not 1..`count`. */
export function readMarkers(answer: string, count: number): MarkedText {
  const marked: MarkedText = { text: '', bare: '', markers: [] };
  let from = 0;
  for (const match of answer.matchAll(MARKER)) {
    const before = answer.slice(from, match.index);
    const valid = [...new Set(numbersOf(match[1]!))].filter((number) => number >= 1 && number <= count);
    marked.text += valid.length > 0 ? before + valid.map((number) => `[${number}]`).join('') : before.trimEnd();
    marked.bare += before.trimEnd();
    for (const number of valid) marked.markers.push({ number, at: marked.bare.length });
    from = match.index + match[0].length;
  }
  marked.text += answer.slice(from);
  marked.bare += answer.slice(from);
  return marked;
}
