import type { Row, Segment, Span } from './pdf.types.js';

/** Baselines closer than this part of the font size belong to one line (it covers super- and subscripts). */
const baselineTolerance = 0.5;
/** A gap wider than this part of the font size separates columns or cells. */
const segmentGap = 1.1;
/** Cells of a narrow table are closer to each other, but further apart than words. */
const partGap = 0.55;
/** A gap wider than this part of the font size is a space even when the file has no space character. */
const wordGap = 0.17;
const cjk = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;

/** Puts the spans of a page into rows from top to bottom, each cut into segments. */
export function rowsOf(spans: Span[]): Row[] {
  const ordered = [...spans].sort((a, b) => a.y - b.y || a.x - b.x);
  const groups: Span[][] = [];
  let baseline = -Infinity;
  let size = 0;
  for (const span of ordered) {
    const group = groups.at(-1);
    if (group && span.y - baseline <= baselineTolerance * Math.max(size, span.size)) {
      group.push(span);
      // The largest text decides where the baseline is; a raised footnote mark comes first in the order.
      if (span.size > size) [baseline, size] = [span.y, span.size];
    } else {
      groups.push([span]);
      [baseline, size] = [span.y, span.size];
    }
  }
  return groups.map(rowOf);
}

function rowOf(spans: Span[]): Row {
  spans.sort((a, b) => a.x - b.x);
  const segments: Segment[] = [];
  let longest = 0;
  for (const span of spans) {
    const last = segments.at(-1);
    const gap = last ? span.x - last.right : 0;
    if (!last || gap > segmentGap * Math.max(last.size, span.size)) {
      segments.push(segmentOf(span));
      longest = span.width;
      continue;
    }
    if (isPrintedTwice(last, span)) continue;
    extend(last, span, gap);
    if (span.width > longest) [last.font, longest] = [span.font, span.width];
    if (span.size > last.size) [last.size, last.y] = [span.size, span.y];
  }
  return { y: Math.max(...segments.map((segment) => segment.y)), segments };
}

function segmentOf({ text, x, y, width, size, font }: Span): Segment {
  return { text, x, right: x + width, y, size, font, parts: [{ text, x, right: x + width }] };
}

function extend(segment: Segment, span: Span, gap: number): void {
  const spaced = (needsSpace(segment, span, gap) ? ' ' : '') + span.text;
  const right = span.x + span.width;
  const part = segment.parts.at(-1);
  if (part && gap <= partGap * Math.max(segment.size, span.size)) {
    part.text += spaced;
    part.right = Math.max(part.right, right);
  } else {
    segment.parts.push({ text: span.text, x: span.x, right });
  }
  segment.text += spaced;
  segment.right = Math.max(segment.right, right);
}

function needsSpace(last: Segment, span: Span, gap: number): boolean {
  if (/\s$/.test(last.text) || /^\s/.test(span.text)) return false;
  const bothCjk = cjk.test(last.text.at(-1) ?? '') && cjk.test(span.text[0] ?? '');
  const size = Math.min(last.size, span.size);
  return bothCjk ? gap > size * 0.5 : gap > wordGap * size || (span.spaced && gap > -0.5 * size);
}

/** Imitated bold type prints the same letters again, a little aside. */
function isPrintedTwice(last: Segment, span: Span): boolean {
  return span.text.length > 1 && span.x < last.right - span.width * 0.8 && last.text.endsWith(span.text);
}
