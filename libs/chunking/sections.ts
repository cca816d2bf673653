import { trimmed } from './lines.js';
import type { Block } from './types.js';

/** The blocks under one heading, the heading itself (and headings without text right before it) first. */
export interface Section {
  headings: string[];
  blocks: Block[];
}

const maxHeadingLength = 200;

/** Text of a heading without the signs that mark it in Markdown. */
function headingText(content: string, { start, end }: Block): string {
  return content
    .slice(start, Math.min(end, start + 4 * maxHeadingLength))
    .replace(/\n[ ]{0,3}(?:=+|-+)\s*$/, '')
    .replace(/^\s*#{1,6}\s+/, '')
    .replace(/\s+#+\s*$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxHeadingLength);
}

/** The given blocks within the bounds of the content, and a paragraph for whatever text lies between them. */
function coverContent(content: string, blocks: readonly Block[]): Block[] {
  const covering: Block[] = [];
  let covered = 0;
  const fillUpTo = (end: number): void => {
    const gap = trimmed(content, covered, end);
    if (gap) covering.push({ kind: 'paragraph', ...gap, page: covering.at(-1)?.page });
  };
  for (const block of blocks) {
    const start = Math.max(block.start, covered);
    const end = Math.min(block.end, content.length);
    if (end <= start) continue;
    fillUpTo(start);
    covering.push({ ...block, start, end });
    covered = end;
  }
  fillUpTo(content.length);
  return covering;
}

/** Divides a document at its headings. A heading without text of its own begins the section of the heading after it. */
export function sectionsOf(content: string, blocks: readonly Block[]): Section[] {
  const sections: Section[] = [];
  const path: { level: number; text: string }[] = [];
  let current: Section = { headings: [], blocks: [] };
  for (const block of coverContent(content, blocks)) {
    if (block.kind === 'heading') {
      const level = block.level ?? 1;
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      const text = headingText(content, block);
      if (text) path.push({ level, text });
      const headings = path.map((heading) => heading.text);
      const onlyHeadings = current.blocks.every(({ kind }) => kind === 'heading');
      // Only a deeper heading goes on with the one before: siblings without text stand alone.
      if (onlyHeadings && (current.blocks.at(-1)?.level ?? 1) < level && current.blocks.length > 0) {
        current.headings = headings;
        current.blocks.push(block);
        continue;
      }
      if (current.blocks.length > 0) sections.push(current);
      current = { headings, blocks: [] };
    }
    current.blocks.push(block);
  }
  if (current.blocks.length > 0) sections.push(current);
  return sections;
}
