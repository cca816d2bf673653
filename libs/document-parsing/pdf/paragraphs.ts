import type { DocumentBuilder } from '../document-builder.js';
import { chineseHeading, headingLevel, isSetApart } from './headings.js';
import { joinLines } from './join-lines.js';
import type { PageItem, Segment } from './pdf.types.js';
import { typographyOf, type Typography } from './typography.js';

export interface PageLayout {
  page: number;
  items: PageItem[];
}

const bullet = /^\s*([•·●○▪■□◆◇➢►‣∙⁃*–-]|\(?\d{1,2}[.)]|[a-z][.)])\s+\S/;
const bulletMark = /^\s*[•·●○▪■◆◇➢►‣∙⁃*–-]\s+/;
const sentenceEnd = /[.!?。！？：:；;…"”』」)）]$/;

/** Joins the lines of all pages into headings, paragraphs and lists. */
export function buildBlocks(layouts: PageLayout[], builder: DocumentBuilder): void {
  const typography = typographyOf(layouts.flatMap(({ items }) => items));
  for (const { page, items } of layouts) {
    builder.page = page;
    let open: Segment[] = [];
    const flush = () => {
      emit(open, typography, builder);
      open = [];
    };
    for (const item of items) {
      if (item.kind !== 'line') {
        flush();
        if (item.kind === 'table') builder.tableOf(item.rows);
        continue;
      }
      if (open.length > 0 && startsNew(open, item.line, item, typography)) flush();
      open.push(item.line);
    }
    flush();
  }
  builder.page = undefined;
}

function startsNew(open: Segment[], line: Segment, column: { columnLeft: number; columnRight: number }, typography: Typography): boolean {
  const [first, second] = open;
  const last = open.at(-1)!;
  const pitch = line.y - last.y;
  if (pitch < 0 || Math.abs(line.size - last.size) > 0.12 * last.size) return true;
  // A line that reaches the edge goes on, however generous the leading.
  const reachesEdge = column.columnRight - last.right < 2 * last.size;
  const usualPitch = first && second ? (second.y - first.y) * 1.25 : last.size * (reachesEdge ? 2.4 : 1.8);
  if (pitch > Math.max(usualPitch, last.size * 1.2) || bullet.test(line.text)) return true;
  if (chineseHeading(last.text) || chineseHeading(line.text)) return true;
  if (last.size > typography.body * 1.12) return false;
  const apart = (one: Segment) => isSetApart(one, typography) && one.right < column.columnRight - 0.15 * (column.columnRight - column.columnLeft);
  if (last.font !== line.font && (apart(last) || apart(line)) && isSetApart(last, typography) !== isSetApart(line, typography)) return true;
  return endsParagraph(open, last, line, column);
}

function endsParagraph(open: Segment[], last: Segment, line: Segment, { columnLeft, columnRight }: { columnLeft: number; columnRight: number }): boolean {
  const missing = columnRight - last.right;
  const endsSentence = sentenceEnd.test(last.text.trim());
  // A line that stops far before the edge was ended on purpose, unless the next one plainly goes on.
  if (missing > (columnRight - columnLeft) * 0.3 && !/^\s*\p{Ll}/u.test(line.text)) return true;
  const indented = line.x > last.x + 0.9 * line.size && open.length > 1;
  return endsSentence && (missing > 4 * last.size || indented);
}

function emit(lines: Segment[], typography: Typography, builder: DocumentBuilder): void {
  if (lines.length === 0) return;
  const text = joinLines(lines.map((line) => line.text));
  const level = headingLevel(lines, text, typography);
  if (level !== undefined) builder.heading(level, text);
  else if (bulletMark.test(text)) builder.list([{ text: text.replace(bulletMark, ''), depth: 0 }]);
  else builder.paragraph(text);
}
