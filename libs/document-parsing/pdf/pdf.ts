import type { PDFDocumentProxy } from 'pdfjs-dist';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';
import { openPdf } from './open-pdf.js';
import { spansOf } from './page-spans.js';
import { buildBlocks } from './paragraphs.js';
import type { PageText } from './pdf.types.js';
import { readingOrder } from './reading-order.js';
import { rowsOf } from './rows.js';
import { dropRunningLines } from './running-lines.js';
import { itemsOf } from './tables.js';

/** PDF: text in reading order with pages, headings by size, tables by alignment; running headers and footers dropped. */
export async function parsePdf(input: ParseInput): Promise<ParsedDocument> {
  const builder = new DocumentBuilder(input.limits);
  const pdf = await openPdf(input);
  try {
    if (pdf.numPages > input.limits.maxPages) {
      throw new ParseError('too_large', `The PDF has ${pdf.numPages} pages; at most ${input.limits.maxPages} are read. Split it into several files.`);
    }
    const pages = await readPages(pdf, builder);
    builder.pages = pdf.numPages;
    await readMetadata(pdf, builder);
    dropRunningLines(pages);
    buildBlocks(
      pages.map((page) => ({ page: page.page, items: readingOrder(page.rows).flatMap((rows) => [...itemsOf(rows), { kind: 'break' as const }]) })),
      builder,
    );
    return builder.build('application/pdf');
  } finally {
    await pdf.loadingTask.destroy();
  }
}

/** A page that cannot be read costs a warning, not the document. */
async function readPages(pdf: PDFDocumentProxy, builder: DocumentBuilder): Promise<PageText[]> {
  const pages: PageText[] = [];
  const without: number[] = [];
  const unreadable: number[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    try {
      const page = await pdf.getPage(number);
      const { width, height, spans } = await spansOf(page);
      if (spans.length === 0) without.push(number);
      else pages.push({ page: number, width, height, rows: rowsOf(spans) });
      page.cleanup();
    } catch (error) {
      unreadable.push(number);
      builder.warn('page_unreadable', `Page ${number} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (pages.length === 0) throw nothingRead(pdf.numPages, unreadable.length);
  if (without.length > 0) builder.warn('pages_without_text', `${without.length} of ${pdf.numPages} pages hold no text (pictures or blank): ${shortList(without)}.`);
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
  if (!/\.(docx?|pptx?|xlsx?|indd|dvi|tex)$|^(microsoft|untitled)/i.test(text('Title'))) builder.title = text('Title') || undefined;
  Object.assign(builder.metadata, { author: text('Author'), subject: text('Subject'), keywords: text('Keywords'), created: text('CreationDate') });
}
