import type { DocumentBuilder } from '../document-builder.js';
import type { PageItem, Segment } from './pdf.types.js';
import { joinLines } from './join-lines.js';

export interface PageLayout {
  page: number;
  items: PageItem[];
}

interface Typography {
  /** Font size of most characters. */
  body: number;
  /** Sizes of headings, largest first. */
  headings: number[];
}

const bullet = /^\s*([•·●○▪■□◆◇➢►‣∙⁃*–-]|\(?\d{1,2}[.)]|[a-z][.)])\s+\S/;
const bulletMark = /^\s*[•·●○▪■◆◇➢►‣∙⁃*–-]\s+/;
const chapter = /^第[一二三四五六七八九十百零〇\d]{1,5}([章编篇])\s*\S{0,40}$/;
const section = /^第[一二三四五六七八九十百零〇\d]{1,5}节\s*\S{0,40}$/;
const ideographNumber = /^[一二三四五六七八九十]{1,3}、[^。；;]{1,40}$/;
const sentenceEnd = /[.!?。！？：:；;…"”』」)）]$/;
const maxHeadingCharacters = 160;

/** Joins the lines of all pages into headings, paragraphs and lists. */
export function buildBlocks(layouts: PageLayout[], builder: DocumentBuilder): void {
  const typography = typographyOf(layouts);
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
      const last = open.at(-1);
      if (last && startsNew(last, item.line, open, item.columnRight, typography)) flush();
      open.push(item.line);
    }
    flush();
  }
  builder.page = undefined;
}

function startsNew(last: Segment, line: Segment, open: Segment[], columnRight: number, typography: Typography): boolean {
  const pitch = line.y - last.y;
  if (pitch < 0 || Math.abs(line.size - last.size) > 0.12 * last.size) return true;
  const [first, second] = open;
  const usualPitch = first && second ? second.y - first.y : last.size * 1.5;
  if (pitch > Math.max(usualPitch * 1.25, last.size * 1.2) || bullet.test(line.text)) return true;
  if (chineseHeading(last.text) || chineseHeading(line.text)) return true;
  const large = last.size > typography.body * 1.12;
  if (large) return false;
  const endsEarly = last.right < columnRight - 4 * last.size;
  const indented = line.x > last.x + 0.9 * line.size && open.length > 1;
  return (endsEarly && sentenceEnd.test(last.text.trim())) || (indented && (endsEarly || sentenceEnd.test(last.text.trim())));
}

function emit(lines: Segment[], typography: Typography, builder: DocumentBuilder): void {
  const [first] = lines;
  if (!first) return;
  const text = joinLines(lines.map((line) => line.text));
  const level = headingLevel(first, text, lines.length, typography);
  if (level !== undefined) builder.heading(level, text);
  else if (bulletMark.test(text)) builder.list([{ text: text.replace(bulletMark, ''), depth: 0 }]);
  else builder.paragraph(text);
}

function headingLevel(first: Segment, text: string, lines: number, { headings }: Typography): number | undefined {
  if (text.length > maxHeadingCharacters || lines > 4 || !/\p{L}/u.test(text)) return undefined;
  const rank = headings.findIndex((size) => Math.abs(size - first.size) < 0.3);
  if (rank >= 0) return Math.min(rank + 1, 4);
  return lines === 1 ? chineseHeading(text) : undefined;
}

/** Chinese reports number their headings in a fixed way, often without larger type. */
function chineseHeading(text: string): number | undefined {
  const line = text.trim();
  if (chapter.test(line)) return 1;
  if (section.test(line)) return 2;
  return ideographNumber.test(line) ? 3 : undefined;
}

function typographyOf(layouts: PageLayout[]): Typography {
  const characters = new Map<number, number>();
  for (const { items } of layouts) {
    for (const item of items) {
      if (item.kind !== 'line') continue;
      const size = Math.round(item.line.size * 2) / 2;
      characters.set(size, (characters.get(size) ?? 0) + item.line.text.length);
    }
  }
  const body = [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
  const total = [...characters.values()].reduce((sum, count) => sum + count, 0);
  const headings = [...characters]
    .filter(([size, count]) => size > body * 1.12 && count < total * 0.25)
    .map(([size]) => size)
    .sort((a, b) => b - a);
  return { body, headings };
}
