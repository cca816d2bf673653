export type ParseErrorCode =
  | 'unsupported'
  | 'encrypted'
  | 'corrupt'
  | 'empty'
  | 'no_text'
  | 'too_large'
  | 'too_complex';

/** The file cannot be turned into text. The message says what happened, why, and what to do; it may be shown to users. */
export class ParseError extends Error {
  constructor(
    readonly code: ParseErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'ParseError';
  }
}
