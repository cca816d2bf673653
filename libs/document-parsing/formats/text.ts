import { blocksOfText } from '#libs/chunking';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { cleanText } from '../reading/clean-text.js';
import { decodeText } from '../reading/decode-text.js';
import { refuseBinary } from '../reading/refuse-binary.js';
import { withoutComments } from './markdown-comments.js';

/** The content is the text itself, so that a citation can quote it exactly. */
export function parseText(input: ParseInput): ParsedDocument {
  return plain(input, 'plain', 'text/plain', (text) => text);
}

/** The content is the text itself with its signs, without comments: who reads the document does not see them. */
export function parseMarkdown(input: ParseInput): ParsedDocument {
  return plain(input, 'markdown', 'text/markdown', withoutComments);
}

function plain(input: ParseInput, kind: 'plain' | 'markdown', mime: string, contentOf: (text: string) => string): ParsedDocument {
  const { text, encoding } = decodeText(input.bytes);
  refuseBinary(text, input.filename);
  const content = contentOf(cleanText(text)).replace(/^\n+/, '').trimEnd();
  const builder = new DocumentBuilder(input.limits);
  builder.metadata.encoding = encoding;
  builder.ready(content, blocksOfText(content, kind));
  return builder.build(mime);
}
