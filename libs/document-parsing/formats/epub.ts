import { posix } from 'node:path';
import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { readProperties } from '../office/package.js';
import { ParseError } from '../parse-error.js';
import { decodeText } from '../reading/decode-text.js';
import { readXml } from '../reading/markup-reader.js';
import { ZipArchive } from '../reading/zip-archive.js';
import { readHtml } from './html.js';

/** E-books: the chapters in the order of the spine. */
export async function parseEpub(input: ParseInput): Promise<ParsedDocument> {
  const zip = new ZipArchive(input.bytes, input.limits);
  const builder = new DocumentBuilder(input.limits);
  await refuseProtected(zip, input.filename);
  const packagePart = await packageOf(zip);
  await readProperties(zip, packagePart, builder);
  const title = builder.title;
  for (const chapter of await spineOf(zip, packagePart)) {
    if (!zip.has(chapter)) {
      builder.warn('chapter_missing', `The chapter "${chapter}" is missing from the file.`);
      continue;
    }
    readHtml(decodeText(await zip.read(chapter)).text, builder, 'visible');
  }
  builder.title = title ?? builder.title;
  return builder.build('application/epub+zip');
}

/** Shops encrypt chapters; fonts are often merely obfuscated, which does no harm. */
async function refuseProtected(zip: ZipArchive, filename: string): Promise<void> {
  if (!zip.has('META-INF/encryption.xml')) return;
  let protectedText = false;
  await readXml(zip.text('META-INF/encryption.xml'), {
    open(name, attributes) {
      if (name === 'CipherReference') protectedText ||= /\.x?html?$/i.test(attributes.URI ?? '');
    },
    close: () => undefined,
    text: () => undefined,
  });
  if (protectedText) throw new ParseError('encrypted', `"${filename}" is protected by digital rights management and cannot be read. Upload an unprotected copy.`);
}

async function packageOf(zip: ZipArchive): Promise<string> {
  let path: string | undefined;
  await readXml(zip.text('META-INF/container.xml'), {
    open(name, attributes) {
      if (name === 'rootfile') path ??= attributes['full-path'];
    },
    close: () => undefined,
    text: () => undefined,
  });
  if (!path) throw new ParseError('corrupt', 'The e-book does not say where its contents are; it is damaged. Export or download it again.');
  return path;
}

async function spineOf(zip: ZipArchive, packagePart: string): Promise<string[]> {
  const items = new Map<string, string>();
  const order: string[] = [];
  await readXml(zip.text(packagePart), {
    open(name, attributes) {
      if (name === 'item' && attributes.id && attributes.href && /html/.test(attributes['media-type'] ?? '')) {
        items.set(attributes.id, posix.join(posix.dirname(packagePart), decodedPath(attributes.href)));
      } else if (name === 'itemref' && attributes.idref) {
        order.push(attributes.idref);
      }
    },
    close: () => undefined,
    text: () => undefined,
  });
  return order.map((id) => items.get(id)).filter((path) => path !== undefined);
}

function decodedPath(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
