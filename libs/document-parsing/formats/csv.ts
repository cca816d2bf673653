import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { extensionOf } from '../detect-format.js';
import { decodeText } from '../reading/decode-text.js';
import { refuseBinary } from '../reading/refuse-binary.js';

const delimiters = [',', ';', '\t', '|'];
const sampledLines = 30;
const maxCaptions = 3;
const writeCharacters = 64 * 1024;

/** Comma- (semicolon-, tab-, pipe-) separated values: one table; the first row is the header. Ragged rows are kept as they are. */
export async function parseCsv(input: ParseInput): Promise<ParsedDocument> {
  const { text, encoding } = decodeText(input.bytes);
  refuseBinary(text, input.filename);
  const delimiter = extensionOf(input.filename) === 'tsv' ? '\t' : delimiterOf(text);
  const mime = delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv';
  const read = async (quote: '"' | false) => {
    const builder = new DocumentBuilder(input.limits);
    builder.metadata.encoding = encoding;
    await readRows(text, { delimiter, quote }, builder);
    return builder;
  };
  try {
    return (await read('"')).build(mime);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))) throw error;
    const builder = await read(false);
    builder.warn('csv_quotes', `The quotation marks of the table do not match (${error.message}); its cells were divided at every delimiter.`);
    return builder.build(mime);
  }
}

async function readRows(text: string, form: { delimiter: string; quote: '"' | false }, builder: DocumentBuilder): Promise<void> {
  const options = { ...form, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true };
  let rows = 0;
  let inTable = false;
  for await (const row of Readable.from(pieces(text)).pipe(parse(options)) as AsyncIterable<string[]>) {
    // Exports often begin with a title above the header.
    if (!inTable && rows < maxCaptions && isCaption(row, text)) builder.paragraph(row.join(' '));
    else {
      builder.row(row);
      inTable = true;
    }
    rows += 1;
  }
  builder.metadata.rows = String(rows);
}

/** One cell alone, in a file that has several columns. */
function isCaption(row: string[], text: string): boolean {
  return row.filter((cell) => cell.trim()).length === 1 && delimiters.some((delimiter) => text.includes(delimiter));
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += writeCharacters) yield text.slice(at, at + writeCharacters);
}

/** The character that divides the first lines most evenly; quoted text does not count. */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, 64 * 1024)
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .slice(0, sampledLines);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const usual = counts.slice().sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
    const score = usual > 0 ? counts.filter((count) => count === usual).length / counts.length + usual / 1000 : 0;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}
