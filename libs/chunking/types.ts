export type BlockKind = 'heading' | 'paragraph' | 'list' | 'table' | 'code';

/** A structural part of a document: a range of its content in UTF-16 units, end exclusive. Blocks are in order and do not overlap. */
export interface Block {
  kind: BlockKind;
  start: number;
  end: number;
  /** 1-based page the block begins on, where the format has pages. */
  page?: number;
  /** Depth of a heading, 1 (title) to 6. */
  level?: number;
}

/** A part of a document small enough to be found and cited; its text is exactly `content.slice(start, end)`. */
export interface Chunk {
  start: number;
  end: number;
  /** 1-based page the chunk begins on, where known. */
  page?: number;
  /** Headings the chunk stands under, outermost first. */
  headings: string[];
  /** Estimated LLM tokens of the chunk's text. */
  tokens: number;
}

export interface ChunkingSettings {
  /** No chunk is longer, in estimated tokens. */
  maxTokens: number;
  /** A chunk repeats up to so many tokens (whole sentences) of the one before, when a paragraph had to be divided. */
  overlapTokens: number;
  /** Neighbours under one heading are merged until a chunk has at least so many tokens. */
  minTokens: number;
}
