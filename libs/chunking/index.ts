/** From the structure of a document to the chunks that are indexed and cited. */
import { blocksOfMarkdown } from './markdown.js';
import { blocksOfPlainText } from './plain-text.js';
import type { Block } from './types.js';

export { chunk } from './chunk.js';
export { defaultChunking, fitSettings, validateSettings } from './settings.js';
export type { Block, BlockKind, Chunk, ChunkingSettings } from './types.js';

/** Structure of a text that carries it in its lines; exact ranges, trimmed, in order. */
export function blocksOfText(text: string, format: 'plain' | 'markdown'): Block[] {
  return format === 'markdown' ? blocksOfMarkdown(text) : blocksOfPlainText(text);
}
