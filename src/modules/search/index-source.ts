import type { DocumentEntry, StreamedDocumentEntry } from '#libs/index-replica';

export type SourceDocument = DocumentEntry | StreamedDocumentEntry;

export interface IndexLogRow {
  seq: number;
  /** When it was written, in microseconds since 1970: no other log, and no later state of this one, has that row. */
  mark: number;
  document: number;
  /** A switch (of document 0): searches compare in another vector space from here on, for which every document has its vectors. */
  operation: 'put' | 'remove' | 'switch';
}

export interface IndexBounds {
  /** Newest `seq` of the log, and its mark. */
  last: number;
  lastMark: number;
  /** Up to which `seq` the log may be gone. */
  trimmedThrough: number;
  /** The embedding that searches compare vectors in; undefined while there are none. */
  vectorSpace: string | undefined;
}

/** Where index replicas get their content from. The feature that owns the documents registers one. Runs in the current tenant. */
export abstract class IndexSource {
  abstract bounds(): Promise<IndexBounds>;
  /** The row of `seq`, unless the log does not have it, and those after it, in order, at most `limit`. */
  abstract changesFrom(seq: number, limit: number): Promise<IndexLogRow[]>;
  /** The searchable ones of these documents with their vectors of that space, in pieces of bounded size: small ones whole, large ones chunk by chunk. Each is to be used up before the next is asked for. */
  abstract load(documents: number[], vectorSpace: string): AsyncIterable<SourceDocument>;
  /** All searchable documents, likewise. */
  abstract loadAll(vectorSpace: string): AsyncIterable<SourceDocument>;
}
