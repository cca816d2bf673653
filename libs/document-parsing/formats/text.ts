import { blocksOfText } from '#libs/chunking';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { cleanText } from '../reading/clean-text.js';
import { decodeText } from '../reading/decode-text.js';
import { refuseBinary } from '../reading/refuse-binary.js';

export function parseText(input: ParseInput): ParsedDocument {
  return plain(input, 'plain', 'text/plain');
}

export function parseMarkdown(input: ParseInput): ParsedDocument {
  return plain(input, 'markdown', 'text/markdown');
}

/** The content is the text itself, so that a citation can quote it exactly. */
function plain(input: ParseInput, kind: 'plain' | 'markdown', mime: string): ParsedDocument {
  const { text, encoding } = decodeText(input.bytes);
  refuseBinary(text, input.filename);
  const content = cleanText(text).replace(/^\n+/, '').trimEnd();
  const builder = new DocumentBuilder(input.limits);
  builder.metadata.encoding = encoding;
  builder.ready(content, blocksOfText(content, kind));
  return builder.build(mime);
}
