import { constants, deflateRawSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import type { ParsedDocument, ParseLimits } from './document.types.js';
import { defaultLimits } from './document.types.js';
import { parseBytes } from './parse-file.js';

/** Parses bytes as an upload of that name would be; for specs. */
export function parse(content: Uint8Array | string, filename: string, limits: Partial<ParseLimits> = {}): Promise<ParsedDocument> {
  return parseBytes({ bytes: Buffer.from(content), filename, limits: { ...defaultLimits, ...limits }, depth: 0 });
}

/** The blocks as `kind level? text`, so that a whole document can be compared at once. */
export function outline(document: ParsedDocument): string[] {
  return document.blocks.map(({ kind, level, start, end }) => `${kind}${level ?? ''}: ${document.content.slice(start, end)}`);
}

/** A ZIP file of text parts. */
export function zipOf(parts: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

/** A Word file around the inside of its body. */
export function docxOf(body: string, parts: Record<string, string> = {}): Uint8Array {
  const types = ['styles', 'numbering', 'footnotes'].map((type) => `<Relationship Id="r${type}" Type="http://x/${type}" Target="${type}.xml"/>`);
  return zipOf({
    '[Content_Types].xml': '<Types/>',
    'word/_rels/document.xml.rels': `<Relationships>${types.join('')}</Relationships>`,
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    ...parts,
  });
}

/** A PDF whose pages show lines of Helvetica at given places: `[x, y from the bottom, size, text]`. */
export function pdfOf(pages: [number, number, number, string][][]): Buffer {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '', '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  const kids: string[] = [];
  for (const lines of pages) {
    const stream = lines.map(([x, y, size, text]) => `BT /F1 ${size} Tf ${x} ${y} Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`).join('\n');
    objects.push(`<</Length ${stream.length}>>\nstream\n${stream}\nendstream`);
    kids.push(`${objects.length + 1} 0 R`);
    objects.push(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Contents ${objects.length} 0 R>>`);
  }
  objects[1] = `<</Type/Pages/Count ${kids.length}/Kids[${kids.join(' ')}]>>`;
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF`, 'latin1');
}

/**
 * A ZIP file with one part that inflates to `repeats` times `text`, built without ever holding that much:
 * one compressed stretch that ends on a byte boundary is repeated. The directory declares `declaredSize` bytes.
 */
export function zipBomb(name: string, text: string, repeats: number, declaredSize = text.length * repeats): Buffer {
  const stretch = deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH });
  const lastBlock = Buffer.from([0x03, 0x00]);
  const data = Buffer.concat([...Array.from({ length: repeats }, () => stretch), lastBlock]);
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(8, 4);
  header.writeUInt32LE(data.length, 14);
  header.writeUInt32LE(declaredSize, 18);
  header.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), header, Buffer.from(name), data]);
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), header, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
