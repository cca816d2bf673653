import { posix } from 'node:path';
import type { DocumentBuilder } from '../document-builder.js';
import { attribute, readXml } from '../reading/markup-reader.js';
import type { ZipArchive } from '../reading/zip-archive.js';

export interface Relationship {
  /** Path of the part inside the package. */
  target: string;
  /** Last word of the relationship's type, such as `slide` or `styles`. */
  type: string;
}

/** What a part of an OOXML package refers to, by relationship id. Links out of the package are left out. */
export async function relationshipsOf(zip: ZipArchive, part: string): Promise<Map<string, Relationship>> {
  const folder = posix.dirname(part);
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const found = new Map<string, Relationship>();
  if (!zip.has(name)) return found;
  await readXml(zip.text(name), {
    open(element, attributes) {
      const { Id: id, Target: target, Type: type, TargetMode: mode } = attributes;
      if (element !== 'Relationship' || !id || !target || mode === 'External') return;
      const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      found.set(id, { target: path, type: type?.split('/').at(-1) ?? '' });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return found;
}

const properties: Record<string, string> = {
  title: 'title', creator: 'author', 'initial-creator': 'author', subject: 'subject', keywords: 'keywords', keyword: 'keywords',
  description: 'description', created: 'created', 'creation-date': 'created', modified: 'modified', language: 'language', date: 'date', publisher: 'publisher',
};

/** Reads Dublin Core and its kin (docProps/core.xml, ODF meta.xml, EPUB package) into title and metadata. */
export async function readProperties(zip: ZipArchive, part: string, builder: DocumentBuilder): Promise<void> {
  if (!zip.has(part)) return;
  let key: string | undefined;
  let value = '';
  await readXml(zip.text(part), {
    open(element) {
      key = properties[element];
      value = '';
    },
    text(data) {
      if (key && value.length < 5000) value += data;
    },
    close(element) {
      if (key && key === properties[element] && value.trim()) {
        if (key === 'title') builder.title ??= value;
        else builder.metadata[key] ??= value;
      }
      key = undefined;
    },
  });
}

/** OOXML switches: present without a value means on. */
export function isOn(attributes: Record<string, string>): boolean {
  return !['0', 'false', 'off', 'none'].includes(attribute(attributes, 'val') ?? '1');
}
