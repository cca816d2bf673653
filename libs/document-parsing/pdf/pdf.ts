import type { PDFDocumentProxy } from 'pdfjs-dist';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { ParseError, tooMuchText } from '../parse-error.js';
import { PdfFile } from './open-pdf.js';
import { spansOf } from './page-spans.js';
import { buildBlocks } from './paragraphs.js';
import type { PageText } from './pdf.types.js';
import { commonGutters, readingOrder } from './reading-order.js';
import { rowsOf } from './rows.js';
import { dropRunningLines } from './running-lines.js';
import { itemsOf } from './tables.js';

/** PDF: text in reading order with pages, headings by size, tables by alignment; running headers and footers dropped. */
export async function parsePdf(input: ParseInput): Promise<ParsedDocument> {
  const builder = new DocumentBuilder(input.limits);
  const pdf = await PdfFile.open(input);
  try {
    const count = pdf.document.numPages;
    if (count > input.limits.maxPages) {
      throw new ParseError('too_large', `The PDF has ${count} pages; at most ${input.limits.maxPages} are read. Split it into several files.`);
    }
    const pages = await readPages(pdf, builder, input.limits.maxCharacters);
    builder.pages = count;
    await readMetadata(pdf.document, builder);
    dropRunningLines(pages);
    const gutters = commonGutters(pages);
    buildBlocks(
      pages.map(({ page, rows }) => ({ page, items: readingOrder(rows, gutters).flatMap((part) => [...itemsOf(part), { kind: 'break' as const }]) })),
      builder,
    );
    return builder.build('application/pdf');
  } finally {
    await pdf.close();
  }
}

/** A page that cannot be read costs a warning, not the document. */
async function readPages(pdf: PdfFile, builder: DocumentBuilder, maxCharacters: number): Promise<PageText[]> {
  const pages: PageText[] = [];
  const without: number[] = [];
  let unreadable = 0;
  let characters = 0;
  for (let number = 1; number <= pdf.document.numPages; number += 1) {
    const read = await pdf.page(number, spansOf).catch(() => undefined);
    if (!read || (read.damaged && read.result.spans.length === 0)) {
      unreadable += 1;
      builder.warn('page_unreadable', `Page ${number} is damaged and could not be read.`);
      continue;
    }
    const { width, height, spans } = read.result;
    if (read.damaged) builder.warn('page_damaged', `Page ${number} is damaged; its text may be incomplete or partly wrong.`);
    if (spans.length === 0) without.push(number);
    else pages.push({ page: number, width, height, rows: rowsOf(spans) });
    characters += spans.reduce((sum, span) => sum + span.text.length, 0);
    if (characters > maxCharacters) throw tooMuchText(maxCharacters);
  }
  if (pages.length === 0) throw nothingRead(pdf.document.numPages, unreadable);
  if (without.length > 0) builder.warn('pages_without_text', `${without.length} of ${pdf.document.numPages} pages hold no text (pictures or blank): ${shortList(without)}.`);
  return pages;
}

function nothingRead(pages: number, unreadable: number): ParseError {
  if (unreadable === pages) return new ParseError('corrupt', 'No page of the PDF could be read; the file is damaged. Export or download it again and retry.');
  return new ParseError('no_text', 'This PDF holds only pictures of pages and no text, as scans do. Run text recognition (OCR) on it and upload the result.');
}

function shortList(numbers: number[]): string {
  return numbers.slice(0, 20).join(', ') + (numbers.length > 20 ? ', …' : '');
}

async function readMetadata(pdf: PDFDocumentProxy, builder: DocumentBuilder): Promise<void> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const fields = info as Record<string, unknown>;
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  // Many programs write the name of the source file as the title.
  if (!/\.(docx?|pptx?|xlsx?|indd|dvi|tex)$|^(microsoft|untitled|\(?anonymous|document$)/i.test(text('Title'))) builder.title = text('Title') || undefined;
  Object.assign(builder.metadata, { author: text('Author'), subject: text('Subject'), keywords: text('Keywords'), created: text('CreationDate') });
}
