import { chunk, type Block, type Chunk, type ChunkingSettings } from '#libs/chunking';
import { LexicalEmbedding } from '#libs/embedding';
import { analyze } from '#libs/text';
import type { PreparedChunk, PreparedChunks } from './ingestion.types.js';
import { toTsvector } from './tsvector.js';

export const chunksPerBatch = 64;

export interface ChunkRequest {
  content: string;
  blocks: Block[];
  title: string | undefined;
  chunking: ChunkingSettings;
  embed: boolean;
  /** Further terms of titles and headings. */
  spell?: (text: string) => string[];
}

let embedding: LexicalEmbedding | undefined;

/** Content → chunks with their terms and, if wanted, their lexical vectors; in batches, in order. */
export function* prepareChunks(request: ChunkRequest): Generator<PreparedChunks> {
  const chunks = chunk(request.content, request.blocks, request.chunking);
  for (let from = 0; from < chunks.length; from += chunksPerBatch) {
    const batch = chunks.slice(from, from + chunksPerBatch).map((item, index) => prepare(item, from + index, request));
    yield { type: 'chunks', chunks: batch, done: Math.min(1, (from + batch.length) / chunks.length) };
  }
}

function prepare(item: Chunk, ordinal: number, { content, title, embed, spell }: ChunkRequest): PreparedChunk {
  const text = content.slice(item.start, item.end);
  const searchable = [title, ...item.headings, text].filter(Boolean).join('\n');
  const tokens = analyze(searchable);
  const spelled = spell?.([title, ...item.headings].filter(Boolean).join('\n')) ?? [];
  embedding ??= new LexicalEmbedding();
  return {
    ordinal,
    start: item.start,
    end: item.end,
    page: item.page,
    headings: item.headings,
    text,
    tokenCount: item.tokens,
    tokens: toTsvector([...tokens.map((token) => token.term), ...spelled]),
    vector: embed ? embedding.embedTokens(tokens, searchable) : undefined,
  };
}
