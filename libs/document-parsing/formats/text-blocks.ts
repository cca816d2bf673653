import type { Block } from '#libs/chunking';

export function blocksOfText(text: string, _kind: 'plain' | 'markdown'): Block[] {
  const blocks: Block[] = [];
  for (const match of text.matchAll(/\S[^\n]*(?:\n[^\n]*\S[^\n]*)*/g)) {
    blocks.push({ kind: 'paragraph', start: match.index, end: match.index + match[0].trimEnd().length });
  }
  return blocks;
}
