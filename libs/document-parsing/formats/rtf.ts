import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { RtfBody } from './rtf-body.js';
import { readRtf } from './rtf-tokens.js';

/** Rich Text Format: paragraphs, headings, lists and tables; pictures, headers, footers and hidden text are left out. */
export function parseRtf(input: ParseInput): ParsedDocument {
  const builder = new DocumentBuilder(input.limits);
  const body = new RtfBody(builder);
  readRtf(input.bytes, body);
  body.finish();
  return builder.build('application/rtf');
}
