import { AppError } from '#libs/contracts';

/** What is left of a minute's requests. */
export interface Budget {
  /** Requests a minute. */
  limit: number;
  remaining: number;
  /** Seconds until all are there again; at least 1. */
  resetSeconds: number;
}

export class RateLimitedError extends AppError {
  constructor(readonly budget: Budget) {
    super('http.rate_limited', 'limited', `More than ${budget.limit} requests in a minute. Wait ${budget.resetSeconds} s, or ask the operator for a higher limit.`, {
      retryAfterSeconds: budget.resetSeconds,
    });
  }
}
