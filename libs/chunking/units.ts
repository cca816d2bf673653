import { type TextRange, countTokens, endOfTokens, splitSentences } from '#libs/text';
import { linesOf, trimmed } from './lines.js';
import type { Block } from './types.js';

/** The smallest part that chunks are made of: a sentence, a line of a table, list or code, a heading, or a piece of an endless one. */
export interface Unit {
  start: number;
  end: number;
  tokens: number;
  block: Block;
}

/** Sentences of prose, lines of everything else. */
function naturalParts(content: string, block: Block): TextRange[] {
  const inContent = ({ start, end }: TextRange): TextRange => ({ start: block.start + start, end: block.start + end });
  if (block.kind === 'paragraph') return splitSentences(content.slice(block.start, block.end)).map(inContent);
  if (block.kind === 'heading') {
    const range = trimmed(content, block.start, block.end);
    return range ? [range] : [];
  }
  return linesOf(content, block.start, block.end).flatMap((line) => trimmed(content, line.start, line.end) ?? []);
}

/** A part too long for a chunk: sentences of a long list item or table row first, then cuts between words. */
function divide(content: string, part: TextRange, maxTokens: number): TextRange[] {
  const sentences = splitSentences(content.slice(part.start, part.end));
  return sentences.flatMap((sentence) => {
    const pieces: TextRange[] = [];
    const end = part.start + sentence.end;
    for (let at = part.start + sentence.start; at < end; ) {
      const next = endOfTokens(content, at, end, maxTokens);
      const piece = trimmed(content, at, next);
      if (piece) pieces.push(piece);
      at = next;
    }
    return pieces;
  });
}

/** The units of a block, in order, each of at most `maxTokens`; together they hold all of its text but white space. */
export function unitsOf(content: string, block: Block, maxTokens: number): Unit[] {
  const units: Unit[] = [];
  for (const part of naturalParts(content, block)) {
    const tokens = countTokens(content.slice(part.start, part.end));
    if (tokens <= maxTokens) {
      units.push({ ...part, tokens, block });
      continue;
    }
    for (const piece of divide(content, part, maxTokens)) {
      units.push({ ...piece, tokens: countTokens(content.slice(piece.start, piece.end)), block });
    }
  }
  return units;
}
