import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { decodeText } from '../reading/decode-text.js';
import { MarkupReader } from '../reading/markup-reader.js';
import { HtmlBody } from './html-body.js';
import type { HtmlScope } from './html-elements.js';

const minMainCharacters = 250;
const writeCharacters = 64 * 1024;

/** Web pages: headings, paragraphs, lists, tables and code; scripts, navigation and hidden parts are left out. */
export function parseHtml(input: ParseInput): ParsedDocument {
  const { text, encoding } = decodeText(input.bytes, declaredCharset(input.bytes));
  // The part marked as main is the document, unless it holds next to nothing; a page that seems wholly hidden is read wholly.
  const scopes: HtmlScope[] = /<main[\s>]|<article[\s>]|role=["']?main\b/i.test(text) ? ['main', 'visible', 'all'] : ['visible', 'all'];
  let document: ParsedDocument | undefined;
  for (const scope of scopes) {
    const builder = new DocumentBuilder(input.limits);
    readHtml(text, builder, scope);
    builder.metadata.encoding = encoding;
    document = builder.build('text/html');
    if (document.content.length >= (scope === 'main' ? minMainCharacters : 1)) return document;
  }
  return document!;
}

/** Appends the blocks of an HTML text to a document; EPUB chapters and e-mail bodies come this way too. */
export function readHtml(text: string, builder: DocumentBuilder, scope: HtmlScope): void {
  const body = new HtmlBody(builder, scope);
  const reader = new MarkupReader(body, 'html');
  for (let at = 0; at < text.length; at += writeCharacters) reader.write(text.slice(at, at + writeCharacters));
  reader.end();
  body.finish();
}

function declaredCharset(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 4096);
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1] ?? /^<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/i.exec(head)?.[1];
}
