const fence = /^ {0,3}(`{3,}|~{3,})/;
const indentedCode = /^(?: {4}|\t)/;
const opening = '<!--';
const closing = '-->';

/**
 * Markdown without its HTML comments, which show nothing where it is read. What looks like one in code (fenced, indented, or between
 * backticks within a line) is text, and so is one that never ends. The lines stay apart as they were. Linear in the length.
 *
 * @param text with `\n` as its only line break
 */
export function withoutComments(text: string): string {
  const lastClosing = text.lastIndexOf(closing);
  let kept = '';
  let at = 0;
  for (let codeFence: string | undefined; at <= lastClosing; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    const fenceBefore = codeFence;
    codeFence = fenceAfter(line, fenceBefore);
    const isCode = fenceBefore !== undefined || codeFence !== undefined || indentedCode.test(line);
    const shown = isCode ? { text: line, next: end } : shownOf(text, at, end, lastClosing);
    kept += shown.text;
    at = shown.next;
    // Behind a comment of several lines its last one goes on.
    if (at === end) kept += text.slice(end, ++at);
  }
  return kept + text.slice(at);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** The marks of the code that goes on after the line. */
function fenceAfter(line: string, before: string | undefined): string | undefined {
  const trimmed = line.trim();
  if (before !== undefined) return trimmed.startsWith(before) && trimmed === trimmed.charAt(0).repeat(trimmed.length) ? undefined : before;
  const marks = fence.exec(line)?.[1];
  return marks?.startsWith('`') && trimmed.slice(marks.length).includes('`') ? undefined : marks;
}

/** What a line shows, and where to read on: at its end, or behind a comment that ends on a later line. */
function shownOf(text: string, start: number, end: number, lastClosing: number): { text: string; next: number } {
  const line = text.slice(start, end);
  if (!line.includes(opening)) return { text: line, next: end };
  const signs = [...line.matchAll(/`+|<!--/g)].map(({ 0: sign, index }) => ({ sign, at: start + index }));
  const lastOf = new Map(signs.map(({ sign }, place) => [sign, place]));
  let shown = '';
  let from = start;
  for (let place = 0; place < signs.length; place += 1) {
    const { sign, at } = signs[place]!;
    if (at < from) continue;
    if (sign === opening) {
      if (at + opening.length > lastClosing) break;
      const closed = text.indexOf(closing, at + opening.length);
      shown += text.slice(from, at).trimEnd();
      from = closed + closing.length;
      if (from > end) return { text: shown, next: from };
    } else if (lastOf.get(sign)! > place) {
      // As many backticks again close what these open.
      while (signs[++place]!.sign !== sign);
    }
  }
  return { text: shown + text.slice(from, end), next: end };
}
