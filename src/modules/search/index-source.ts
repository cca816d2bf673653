import type { DocumentEntry, StreamedDocumentEntry } from '#libs/index-replica';

export type SourceDocument = DocumentEntry | StreamedDocumentEntry;

export interface IndexLogRow {
  seq: number;
  /** When it was written, in microseconds since 1970: no other log, and no later state of this one, has that row. */
  mark: number;
  document: number;
  operation: 'put' | 'remove';
}

/** Where index replicas get their content from. The feature that owns the documents registers one. Runs in the current tenant. */
export abstract class IndexSource {
  /** Newest `seq` of the log with its mark, and up to which one the log has been trimmed. */
  abstract bounds(): Promise<{ last: number; lastMark: number; trimmedThrough: number }>;
  /** The row of `seq`, unless the log does not have it, and those after it, in order, at most `limit`. */
  abstract changesFrom(seq: number, limit: number): Promise<IndexLogRow[]>;
  /** The searchable ones of these documents, in pieces of bounded size: small ones whole, large ones chunk by chunk. Each is to be used up before the next is asked for. */
  abstract load(documents: number[]): AsyncIterable<SourceDocument>;
  /** All searchable documents, likewise. */
  abstract loadAll(): AsyncIterable<SourceDocument>;
}
