/** A citation marker of a language model: [1], [1, 3], [2-4], 【1】, [^1]. Years ([2019]) and links ([1](…)) are none. */
export const MARKER = /[[［【]\^?(\d{1,3}(?:\s*[,，、–-]\s*\d{1,3})*)\^?[\]］】](?!\()/g;

/** The numbers that one marker names, ranges written out. */
function numbersOf(inside: string): number[] {
  return inside.split(/[,，、]/).flatMap((part) => {
    const [from, to] = part.split(/[–-]/).map((number) => Number(number.trim()));
    if (to === undefined || to < from! || to - from! > 20) return [from!];
    return Array.from({ length: to - from! + 1 }, (_, step) => from! + step);
  });
}

export interface Marker {
  /** UTF-16 offsets into the text. */
  start: number;
  end: number;
  /** The passages that it names, each once. */
  numbers: number[];
}

/** The markers of a text, in its order. */
export function* markersOf(text: string): Generator<Marker> {
  for (const { 0: marker, 1: inside, index } of text.matchAll(MARKER)) yield { start: index, end: index + marker.length, numbers: [...new Set(numbersOf(inside!))] };
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
  for (const { start, end, numbers } of markersOf(answer)) {
    const before = answer.slice(from, start);
    const valid = numbers.filter((number) => number >= 1 && number <= count);
    marked.text += valid.length > 0 ? before + valid.map((number) => `[${number}]`).join('') : before.trimEnd();
    marked.bare += before.trimEnd();
    for (const number of valid) marked.markers.push({ number, at: marked.bare.length });
    from = end;
  }
  marked.text += answer.slice(from);
  marked.bare += answer.slice(from);
  return marked;
}
