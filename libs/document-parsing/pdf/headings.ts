import type { Segment } from './pdf.types.js';
import type { Typography } from './typography.js';

const chapter = /^第[一二三四五六七八九十百零〇\d]{1,5}([章编篇])\s*\S{0,40}$/;
const section = /^第[一二三四五六七八九十百零〇\d]{1,5}节\s*\S{0,40}$/;
const ideographNumber = /^[一二三四五六七八九十]{1,3}、[^。；;，,]{1,40}$/;
const decimalNumber = /^(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\p{Lu}[^.!?;]{1,100}$/u;
const maxHeadingCharacters = 160;
const maxHeadingLines = 4;

/** The level of a heading, or `undefined` for running text: by size, by the numbering of Chinese reports, or by a font of its own. */
export function headingLevel(lines: Segment[], text: string, typography: Typography): number | undefined {
  const [first] = lines;
  if (!first || text.length > maxHeadingCharacters || lines.length > maxHeadingLines || !/\p{L}/u.test(text)) return undefined;
  // Large type that reads as prose is prose: an abstract, a preface, a quotation.
  if (/[。；;，,]$/.test(text) || (/\.$/.test(text) && text.length > 80)) return undefined;
  const rank = typography.headings.findIndex((size) => Math.abs(size - first.size) < 0.3);
  if (rank >= 0) return Math.min(rank + 1, 4);
  if (lines.length > 2) return undefined;
  return chineseHeading(text) ?? (lines.every((line) => isSetApart(line, typography)) ? headingByFont(text, typography) : undefined);
}

/** Chinese reports number their headings in a fixed way, often without larger type. */
export function chineseHeading(text: string): number | undefined {
  const line = text.trim();
  if (chapter.test(line)) return 1;
  if (section.test(line)) return 2;
  return ideographNumber.test(line) ? 3 : undefined;
}

/** A short line in a font that hardly any text is set in (bold, as a rule), not smaller than the text. */
export function isSetApart(line: Segment, typography: Typography): boolean {
  return line.font !== typography.bodyFont && typography.rareFonts.has(line.font) && line.size >= typography.body * 0.97 && line.text.length <= 100;
}

function headingByFont(text: string, typography: Typography): number | undefined {
  const base = Math.min(typography.headings.length, 2);
  const numbered = decimalNumber.exec(text)?.[1];
  if (numbered) return Math.min(base + numbered.split('.').length, 5);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= 3 && letters > text.length * 0.6 && /^[\p{Lu}\p{Lo}]/u.test(text) && !/[.!?。！？，,;；]$/.test(text) ? base + 1 : undefined;
}
