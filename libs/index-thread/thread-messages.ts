import type { ChunkEntry, LogPosition, RankedHit, ReplicaOptions, ReplicaQuery, ReplicaStats } from '#libs/index-replica';

/** How a replica stands. */
export interface Condition {
  position: LogPosition;
  heapBytes: number;
  /** Its background work fails at the moment. */
  failing: boolean;
}

/** Chunks on their way to the thread: a few large buffers cost less to hand over than many objects. */
export interface PackedChunks {
  keys: Float64Array;
  /** The terms of all chunks, each followed by NUL, which no text of PostgreSQL has. */
  terms: string;
  /** How many terms each chunk has. */
  termCounts: Uint32Array;
  /** How often the chunk has them, term by term. */
  frequencies: Uint32Array;
  /** One a chunk, except where `present` is 0. */
  vectors: Float32Array;
  present: Uint8Array;
}

/** A set would be copied number by number. */
export interface SentQuery extends Omit<ReplicaQuery, 'documents'> {
  documents?: Float64Array;
}

export interface DocumentHead {
  document: number;
  collection: number;
}

/** What the thread is asked for: arguments and answer. One replica's changes come one after the other. */
export interface Calls {
  open: { arguments: [options: Omit<ReplicaOptions, 'onError'>]; answer: Condition };
  /** A document of few chunks. */
  put: { arguments: [seq: number, head: DocumentHead, chunks: PackedChunks]; answer: Condition };
  /** Begins to put a larger one; `add` and `finish` follow. */
  begin: { arguments: [seq: number, head: DocumentHead]; answer: undefined };
  /** Answered when the chunks are in the index. */
  add: { arguments: [chunks: PackedChunks]; answer: undefined };
  /** Ends the document; one that is not `whole` leaves nothing. */
  finish: { arguments: [whole: boolean]; answer: Condition };
  remove: { arguments: [seq: number, document: number]; answer: Condition };
  advance: { arguments: [position: LogPosition]; answer: Condition };
  documentKeys: { arguments: []; answer: Float64Array };
  search: { arguments: [query: SentQuery]; answer: { hits: RankedHit[]; seq: number } };
  idf: { arguments: [terms: readonly string[]]; answer: Float64Array };
  stats: { arguments: []; answer: ReplicaStats };
  close: { arguments: []; answer: undefined };
}

export type CallName = keyof Calls;

export interface Request<N extends CallName = CallName> {
  id: number;
  replica: number;
  name: N;
  arguments: Calls[N]['arguments'];
}

/** An error as it crosses the thread, where its class is lost. */
export interface SentError {
  name: string;
  message: string;
  stack?: string | undefined;
}

export type Reply = { id: number; answer: unknown } | { id: number; error: SentError };

/** What the thread says unasked: why background work fails, and what has changed with no change of the log. */
export type News = { replica: number } & ({ error: SentError } | { condition: Condition });

/** Most chunks that are packed, sent and added together; a millisecond or two of either thread. */
export const CHUNKS_PER_MESSAGE = 32;

export function packChunks(chunks: readonly ChunkEntry[], dimensions: number): PackedChunks {
  const terms: string[] = [];
  const frequencies: number[] = [];
  const termCounts = new Uint32Array(chunks.length);
  const present = Uint8Array.from(chunks, ({ vector }) => (vector === null ? 0 : 1));
  const vectors = new Float32Array(present.reduce((sum, has) => sum + has, 0) * dimensions);
  let row = 0;
  chunks.forEach((chunk, place) => {
    for (const [term, frequency] of chunk.terms) {
      terms.push(term, '\0');
      frequencies.push(frequency);
      termCounts[place] = (termCounts[place] as number) + 1;
    }
    if (chunk.vector === null) return;
    if (chunk.vector.length !== dimensions) throw new RangeError(`A vector has ${chunk.vector.length} components instead of ${dimensions}.`);
    vectors.set(chunk.vector, dimensions * row++);
  });
  return { keys: Float64Array.from(chunks, ({ key }) => key), terms: terms.join(''), termCounts, frequencies: Uint32Array.from(frequencies), vectors, present };
}

export function* unpackChunks({ keys, terms: joined, termCounts, frequencies, vectors, present }: PackedChunks, dimensions: number): Generator<ChunkEntry> {
  const words = joined.split('\0');
  let [next, row] = [0, 0];
  for (let place = 0; place < keys.length; place++) {
    const terms: [string, number][] = [];
    for (const end = next + (termCounts[place] as number); next < end; next++) terms.push([words[next] as string, frequencies[next] as number]);
    const vector = present[place] === 1 ? vectors.subarray(row * dimensions, ++row * dimensions) : null;
    yield { key: keys[place] as number, terms, vector };
  }
}
