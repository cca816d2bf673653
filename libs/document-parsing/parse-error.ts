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

export function tooMuchText(maxCharacters: number): ParseError {
  const millions = (maxCharacters / 1e6).toLocaleString('en');
  return new ParseError('too_large', `The document holds more than ${millions} million characters of text. Split it into several files.`);
}
