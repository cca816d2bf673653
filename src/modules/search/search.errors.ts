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
  constructor() {
    super('search.index_opening', 'unavailable', 'The index is being built. Ask again in a moment.', { retryAfterSeconds });
  }
}

/** This process's index cannot follow its log at the moment, or not fast enough. */
export class IndexBehindError extends AppError {
  constructor(cause?: unknown) {
    super('search.index_behind', 'unavailable', 'The index on this process does not have that change yet. Ask again in a moment.', { retryAfterSeconds, cause });
  }
}
