import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { detectFormat, type Format } from './detect-format.js';
import { defaultLimits, type FileInMemory, type ParsedDocument, type ParseInput, type ParseOptions } from './document.types.js';
import { ParseError } from './parse-error.js';

type Parser = (input: ParseInput) => Promise<ParsedDocument> | ParsedDocument;

/** Loaded when needed: the PDF reader alone costs 150 ms and 30 MB. */
const parsers: Record<Format, () => Promise<Parser>> = {
  text: async () => (await import('./formats/text.js')).parseText,
  markdown: async () => (await import('./formats/text.js')).parseMarkdown,
  html: async () => (await import('./formats/html.js')).parseHtml,
  csv: async () => (await import('./formats/csv.js')).parseCsv,
  json: async () => (await import('./formats/json.js')).parseJson,
  jsonl: async () => (await import('./formats/json.js')).parseJsonLines,
  rtf: async () => (await import('./formats/rtf.js')).parseRtf,
  eml: async () => (await import('./formats/eml.js')).parseEml,
  msg: async () => (await import('./formats/msg.js')).parseMsg,
  doc: async () => (await import('./formats/doc.js')).parseDoc,
  epub: async () => (await import('./formats/epub.js')).parseEpub,
  pdf: async () => (await import('./pdf/pdf.js')).parsePdf,
  docx: async () => (await import('./office/docx.js')).parseDocx,
  pptx: async () => (await import('./office/pptx.js')).parsePptx,
  xlsx: async () => (await import('./office/xlsx.js')).parseXlsx,
  odt: async () => (await import('./office/odf.js')).parseOdf,
  ods: async () => (await import('./office/odf.js')).parseOdf,
  odp: async () => (await import('./office/odf.js')).parseOdf,
};

/**
 * Turns a file into text with its structure. It costs CPU and memory in proportion to a file that nobody has checked:
 * run it in a contained child process, never on the event loop of a server.
 *
 * @throws {ParseError} whose message may be shown to the user
 * @example const { content, blocks } = await parseFile('/tmp/upload-1', { filename: 'report.pdf' });
 */
export async function parseFile(path: string, options: ParseOptions): Promise<ParsedDocument> {
  const limits = { ...defaultLimits, ...options.limits };
  const { size } = await stat(path);
  if (size > limits.maxFileBytes) {
    throw new ParseError('too_large', `The file has ${toMegabytes(size)} MB; at most ${toMegabytes(limits.maxFileBytes)} MB are read. Split it into smaller files.`);
  }
  const { filename, password, mime } = options;
  return parseBytes({ bytes: await readFile(path), filename: basename(filename), password, limits, depth: 0 }, mime);
}

/** The same for bytes in memory; attachments of e-mails come this way. */
export async function parseBytes(file: FileInMemory, claimedMime?: string): Promise<ParsedDocument> {
  if (file.bytes.length === 0) throw new ParseError('empty', `"${file.filename}" is empty (0 bytes). The upload or the export that made it may have failed.`);
  const input: ParseInput = { ...file, parseEmbedded: parseBytes };
  const parse = await parsers[detectFormat(input, claimedMime)]();
  const document = await withClearErrors(input, parse);
  if (!document.content.trim()) {
    throw new ParseError('no_text', `"${input.filename}" holds no text.`);
  }
  return document;
}

/** A library's complaint about a broken file means nothing to a user; limits of the runtime stay what they are. */
async function withClearErrors(input: ParseInput, parse: Parser): Promise<ParsedDocument> {
  try {
    return await parse(input);
  } catch (error) {
    if (error instanceof ParseError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new ParseError('corrupt', `"${input.filename}" cannot be read; it seems damaged. Open it in the program that made it, save it again and retry. (${detail.slice(0, 200)})`);
  }
}

function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
