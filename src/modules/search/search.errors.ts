import { AppError } from '#libs/contracts';

const retryAfterSeconds = 5;

/** The log does not have this `seq`. */
export class SeqAheadError extends AppError {
  constructor(seq: number, last: number) {
    super('search.seq_ahead', 'invalid', `The index log ends at ${last}; there is no seq ${seq} yet.`, { errors: [{ path: 'min_seq', message: `must be at most ${last}` }] });
  }
}

/** The tenant's index is opened, or built from the tables; that goes on while the caller is gone. */
export class IndexOpeningError extends AppError {
  constructor(cause?: unknown) {
    super('search.index_opening', 'unavailable', 'The index is being built. Ask again in a moment.', { retryAfterSeconds, cause });
  }
}

/** This process's index cannot follow its log at the moment, or not fast enough. */
export class IndexBehindError extends AppError {
  constructor(cause?: unknown) {
    super('search.index_behind', 'unavailable', 'The index on this process does not have that change yet. Ask again in a moment.', { retryAfterSeconds, cause });
  }
}

/** More is asked of this process's index than it can answer. */
export class IndexBusyError extends AppError {
  constructor(cause?: unknown) {
    super('search.index_busy', 'unavailable', 'More searches wait for the index of this process than it can answer soon. Ask again in a moment.', { retryAfterSeconds, cause });
  }
}

/** The documents are being embedded anew, and what made their present vectors cannot be asked any more. */
export class FormerModelGoneError extends AppError {
  constructor(vectorSpace: string) {
    super('search.reembedding', 'unavailable', `The documents are being embedded anew, and ${vectorSpace}, which made their present vectors, cannot be asked any more. Until that is done (GET /rag/stats) search with mode=hybrid or mode=keyword, which go by words.`, { retryAfterSeconds: 60 });
  }
}
