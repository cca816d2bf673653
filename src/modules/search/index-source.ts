import type { DocumentEntry } from '#libs/index-replica';

export interface IndexLogRow {
  seq: number;
  document: number;
  operation: 'put' | 'remove';
}

/** Where index replicas get their content from. The feature that owns the documents registers one. Runs in the current tenant. */
export abstract class IndexSource {
  /** Newest `seq` of the log, and up to which one the log has been trimmed. */
  abstract bounds(): Promise<{ last: number; trimmedThrough: number }>;
  /** Rows after `seq`, in order, at most `limit`. */
  abstract changesAfter(seq: number, limit: number): Promise<IndexLogRow[]>;
  /** The searchable ones of these documents, in pieces of bounded size. */
  abstract load(documents: number[]): AsyncIterable<DocumentEntry>;
  /** All searchable documents, in pieces of bounded size. */
  abstract loadAll(): AsyncIterable<DocumentEntry>;
}
