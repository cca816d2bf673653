import type { ChunkingSettings } from '#libs/chunking';

/** What to make searchable: a file on this machine, or text. */
export type IngestSource = { kind: 'file'; path: string; filename: string; mime?: string } | { kind: 'text'; text: string; format: 'plain' | 'markdown' };

export interface IngestJob {
  source: IngestSource;
  /** Overrides the title that the document itself names. */
  title?: string;
  chunking: ChunkingSettings;
  /** False when vectors come from elsewhere (an embedding endpoint). */
  embed: boolean;
  /** File of words that the segmenter is to know; the same one in all jobs of a child. */
  dictionary?: string;
}

/** A part of the document's content, in order: a message with a whole book would stop the receiver's event loop. */
export interface PreparedContent {
  type: 'content';
  text: string;
}

/** The document as a whole; comes after its content and before its chunks. */
export interface PreparedDocument {
  type: 'document';
  title: string | undefined;
  mime: string;
  pages: number | undefined;
  /** Headings, paragraphs, tables and so on that it consists of. */
  blockCount: number;
  warnings: { code: string; message: string }[];
  metadata: Record<string, string>;
  /** See `analyserVersion`. */
  analyser: string;
}

export interface PreparedChunk {
  ordinal: number;
  /** UTF-16 code units into the content, end exclusive. */
  start: number;
  end: number;
  page: number | undefined;
  headings: string[];
  text: string;
  tokenCount: number;
  /** Analysed terms with their positions, as PostgreSQL's tsvector; title and headings count as part of the chunk, Chinese ones also by their pinyin. */
  tokens: string;
  /** L2-normalised; absent when the job asked for none. */
  vector: Float32Array | undefined;
}

/** Chunks in pieces of bounded size, so that neither side holds a whole book. */
export interface PreparedChunks {
  type: 'chunks';
  chunks: PreparedChunk[];
  /** Share of the content that is done, 0 to 1. */
  done: number;
}

export type IngestEvent = PreparedContent | PreparedDocument | PreparedChunks;

export interface IngestResult {
  chunkCount: number;
}
