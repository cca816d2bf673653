export { defaultLimits } from './document.types.js';
export type { ParsedDocument, ParseLimits, ParseOptions, ParseWarning } from './document.types.js';
export { ParseError, type ParseErrorCode } from './parse-error.js';
export { parseFile } from './parse-file.js';
