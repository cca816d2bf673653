/** What kind of failure it is; the HTTP door maps each kind to one status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported'
  | 'unprocessable'
  | 'limited'
  | 'unavailable'
  | 'timeout'
  | 'internal';

/** One fault of an input: `path` is dotted ("queries.3.top_k"). */
export interface FieldFault {
  path: string;
  message: string;
}

/**
 * The only error that features raise on purpose.
 * `code` is `<module>.<reason>` and part of the public contract; `message` says what happened, why and what to do.
 */
export class AppError extends Error {
  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    readonly details: { errors?: FieldFault[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
  }
}
