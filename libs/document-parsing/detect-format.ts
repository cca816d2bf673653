import { readDirectory } from './reading/zip-directory.js';
import type { ParseInput } from './document.types.js';
import { ParseError } from './parse-error.js';

export type Format =
  | 'text' | 'markdown' | 'html' | 'csv' | 'json' | 'jsonl' | 'pdf' | 'rtf' | 'eml'
  | 'docx' | 'pptx' | 'xlsx' | 'odt' | 'ods' | 'odp' | 'epub' | 'doc' | 'msg';

const byExtension: Record<string, Format> = {
  txt: 'text', text: 'text', log: 'text', md: 'markdown', markdown: 'markdown',
  html: 'html', htm: 'html', xhtml: 'html', csv: 'csv', tsv: 'csv', tab: 'csv',
  json: 'json', jsonl: 'jsonl', ndjson: 'jsonl', eml: 'eml',
};
const byMime: Record<string, Format> = {
  'text/markdown': 'markdown', 'text/html': 'html', 'application/xhtml+xml': 'html', 'text/csv': 'csv',
  'text/tab-separated-values': 'csv', 'application/json': 'json', 'application/x-ndjson': 'jsonl', 'message/rfc822': 'eml',
};
const openDocuments: Record<string, Format> = { text: 'odt', spreadsheet: 'ods', presentation: 'odp' };

const unreadable: [RegExp, string][] = [
  [/^(\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP)/s, 'a picture; pictures hold no text. Run text recognition (OCR) first and upload its result'],
  [/^(\x1f\x8b|BZh|7z\xbc\xaf|Rar!|\xfd7zXZ)/s, 'a compressed archive. Unpack it and upload the documents in it'],
  [/^(\x7fELF|MZ.{58}|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe)/s, 'a program, not a document'],
  [/^(ID3|.{4}ftyp|OggS|RIFF.{4}(WAVE|AVI )|\x1aE\xdf\xa3)/s, 'sound or video. Upload a transcript instead'],
  [/^SQLite format 3/, 'a database. Export its tables as CSV and upload those'],
];

/** Decides by the content first; the file name's extension and the claimed type only tell texts of one look apart. */
export function detectFormat(input: ParseInput, claimedMime?: string): Format {
  const { bytes } = input;
  const head = bytes.toString('latin1', 0, 1024);
  if (head.slice(0, 1024).includes('%PDF-')) return 'pdf';
  if (head.startsWith('PK\u0003\u0004') || head.startsWith('PK\u0005\u0006')) return zipFormat(bytes, input);
  if (head.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return compoundFormat(bytes, input.filename);
  if (head.startsWith('{\\rtf')) return 'rtf';
  for (const [signature, description] of unreadable) {
    if (signature.test(head)) throw new ParseError('unsupported', `"${input.filename}" is ${description}.`);
  }
  return textFormat(head, extensionOf(input.filename), claimedMime);
}

function textFormat(head: string, extension: string, claimedMime: string | undefined): Format {
  const start = head.replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replaceAll('\0', '').trimStart();
  if (/^(<!doctype html|<html[\s>])/i.test(start)) return 'html';
  if (/^<\?xml[^>]*>\s*(<!doctype html|<html[\s>])/i.test(start)) return 'html';
  const named = byExtension[extension] ?? byMime[claimedMime?.split(';')[0]?.trim().toLowerCase() ?? ''];
  if (named) return named;
  if (/^(from|to|subject|date|received|return-path|message-id|mime-version|delivered-to): /i.test(start) && /^(from|to|subject|message-id): /im.test(start)) return 'eml';
  return 'text';
}

function zipFormat(bytes: Buffer, input: ParseInput): Format {
  const entries = readDirectory(bytes, input.limits.maxZipEntries);
  if (entries.has('word/document.xml')) return 'docx';
  if (entries.has('ppt/presentation.xml')) return 'pptx';
  if (entries.has('xl/workbook.xml')) return 'xlsx';
  if (entries.has('META-INF/container.xml') && !entries.has('content.xml')) return 'epub';
  if (entries.has('content.xml')) return openDocument(bytes);
  if (entries.has('[Content_Types].xml')) return officeByFolder([...entries.keys()], input.filename);
  throw new ParseError('unsupported', `"${input.filename}" is a ZIP archive. Unpack it and upload the documents in it.`);
}

function officeByFolder(names: string[], filename: string): Format {
  if (names.some((name) => name.startsWith('word/'))) return 'docx';
  if (names.some((name) => name.startsWith('ppt/'))) return 'pptx';
  if (names.some((name) => name === 'xl/workbook.bin')) {
    throw new ParseError('unsupported', `"${filename}" is a binary Excel workbook (.xlsb). Save it as .xlsx and upload that.`);
  }
  if (names.some((name) => name.startsWith('xl/'))) return 'xlsx';
  throw new ParseError('unsupported', `"${filename}" is an Office file of a kind that holds no readable text. Save it as .docx, .xlsx, .pptx or PDF.`);
}

/** OpenDocument files begin with a stored part "mimetype", so their type stands in the first bytes. */
function openDocument(bytes: Buffer): Format {
  const kind = /opendocument\.(text|spreadsheet|presentation)/.exec(bytes.toString('latin1', 0, 200))?.[1];
  return openDocuments[kind ?? ''] ?? 'odt';
}

/** OLE2 compound files: the names of their streams (UTF-16) tell what they are. */
function compoundFormat(bytes: Buffer, filename: string): Format {
  const holds = (stream: string) => bytes.includes(Buffer.from(stream, 'utf16le'));
  if (holds('EncryptedPackage') || holds('EncryptionInfo')) {
    throw new ParseError('encrypted', `"${filename}" is protected by a password. Open it in Office, save it without the password, and upload that copy.`);
  }
  if (holds('__properties_version1.0')) return 'msg';
  if (holds('WordDocument')) return 'doc';
  if (holds('Workbook') || holds('Book')) {
    throw new ParseError('unsupported', `"${filename}" is an Excel workbook of the old kind (.xls). Save it as .xlsx and upload that.`);
  }
  if (holds('PowerPoint Document')) {
    throw new ParseError('unsupported', `"${filename}" is a PowerPoint presentation of the old kind (.ppt). Save it as .pptx and upload that.`);
  }
  throw new ParseError('unsupported', `"${filename}" is an old Office file of an unknown kind. Save it as .docx, .xlsx, .pptx or PDF.`);
}

export function extensionOf(filename: string): string {
  return /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
}
