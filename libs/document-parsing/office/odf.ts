import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { ParseError } from '../parse-error.js';
import { readXml } from '../reading/markup-reader.js';
import { ZipArchive } from '../reading/zip-archive.js';
import { OdfBody } from './odf-body.js';
import { readProperties } from './package.js';

/** OpenDocument text, spreadsheets and presentations share one vocabulary. */
export async function parseOdf(input: ParseInput): Promise<ParsedDocument> {
  const zip = new ZipArchive(input.bytes, input.limits);
  await refuseEncrypted(zip, input.filename);
  const builder = new DocumentBuilder(input.limits);
  await readProperties(zip, 'meta.xml', builder);
  const body = new OdfBody(builder);
  await readXml(zip.text('content.xml'), body);
  body.finish();
  const kind = body.kind ?? 'text';
  const document = builder.build(`application/vnd.oasis.opendocument.${kind}`);
  return kind === 'spreadsheet' ? { ...document, title: builder.title } : document;
}

async function refuseEncrypted(zip: ZipArchive, filename: string): Promise<void> {
  if (!zip.has('META-INF/manifest.xml')) return;
  let encrypted = false;
  await readXml(zip.text('META-INF/manifest.xml'), {
    open(name) {
      encrypted ||= name === 'encryption-data';
    },
    close: () => undefined,
    text: () => undefined,
  });
  if (encrypted) throw new ParseError('encrypted', `"${filename}" is protected by a password. Save it without the password and upload that copy.`);
}
