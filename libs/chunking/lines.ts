/** A line of a text without its line break; `next` is where the following line begins. */
export interface Line {
  start: number;
  end: number;
  next: number;
}

/** The lines of `text` between `from` and `to`; \n, \r\n and \r end a line. */
export function linesOf(text: string, from = 0, to = text.length): Line[] {
  const lines: Line[] = [];
  let start = from;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x0a && unit !== 0x0d) continue;
    const next = unit === 0x0d && text.charCodeAt(at + 1) === 0x0a && at + 1 < to ? at + 2 : at + 1;
    lines.push({ start, end: at, next });
    start = next;
    at = next - 1;
  }
  if (start < to) lines.push({ start, end: to, next: to });
  return lines;
}

const space = /\s/;

/** The range without white space at its ends, or undefined when nothing is left. */
export function trimmed(text: string, from: number, to: number): { start: number; end: number } | undefined {
  let start = from;
  let end = to;
  while (start < end && space.test(text.charAt(start))) start++;
  while (end > start && space.test(text.charAt(end - 1))) end--;
  return end > start ? { start, end } : undefined;
}
