import { linesOf, trimmed, type Line } from './lines.js';
import type { Block } from './types.js';

// 第三章 数据库, 第 2 节: the one way of marking headings in plain text that is never anything else.
const chineseHeading = /^\s*第\s*[一二三四五六七八九十百千零〇两\d]{1,6}\s*([编篇部卷章回节])(?:[\s:：、　].{0,40}|.{0,30})$/;
const sentenceSign = /[。！？；，,;!?]\s*$/;
const levels: Readonly<Record<string, number>> = { 编: 1, 篇: 1, 部: 1, 卷: 1, 章: 2, 回: 2, 节: 3 };
const maxHeadingLength = 60;

function headingLevel(text: string, { start, end }: Line): number | undefined {
  if (end - start > maxHeadingLength) return undefined;
  const line = text.slice(start, end);
  const kind = chineseHeading.exec(line)?.[1];
  return kind && !sentenceSign.test(line) ? levels[kind] : undefined;
}

/** Paragraphs between blank lines, and the numbered headings of Chinese books and regulations. */
export function blocksOfPlainText(text: string): Block[] {
  const blocks: Block[] = [];
  let paragraphStart = -1;
  let paragraphEnd = -1;
  const closeParagraph = (): void => {
    if (paragraphStart >= 0) blocks.push({ kind: 'paragraph', start: paragraphStart, end: paragraphEnd });
    paragraphStart = -1;
  };
  for (const line of linesOf(text)) {
    const range = trimmed(text, line.start, line.end);
    const level = range && headingLevel(text, line);
    if (!range || level !== undefined) closeParagraph();
    if (!range) continue;
    if (level !== undefined) {
      blocks.push({ kind: 'heading', ...range, level });
      continue;
    }
    if (paragraphStart < 0) paragraphStart = range.start;
    paragraphEnd = range.end;
  }
  closeParagraph();
  return blocks;
}
