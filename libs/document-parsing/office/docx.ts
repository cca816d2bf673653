import { DocumentBuilder } from '../document-builder.js';
import type { ParsedDocument, ParseInput } from '../document.types.js';
import { attribute, readXml, type MarkupHandler } from '../reading/markup-reader.js';
import { ZipArchive } from '../reading/zip-archive.js';
import { DocxBody } from './docx-body.js';
import { Numbering, readStyles } from './docx-styles.js';
import { readProperties, relationshipsOf } from './package.js';

const mime = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Word: headings, paragraphs, lists, tables, notes. Page headers and footers, comments and deleted text are left out. */
export async function parseDocx(input: ParseInput): Promise<ParsedDocument> {
  const zip = new ZipArchive(input.bytes, input.limits);
  const builder = new DocumentBuilder(input.limits);
  const main = 'word/document.xml';
  const relationships = [...(await relationshipsOf(zip, main)).values()];
  const partOf = (type: string) => relationships.find((relationship) => relationship.type === type)?.target;
  await readProperties(zip, 'docProps/core.xml', builder);
  const styles = await readStyles(zip, partOf('styles'));
  const numbering = await Numbering.read(zip, partOf('numbering'));
  const body = new DocxBody(builder, styles, numbering);
  await readXml(zip.text(main), body);
  body.finish();
  for (const part of [partOf('footnotes'), partOf('endnotes')]) {
    if (part && zip.has(part)) await readXml(zip.text(part), new Notes(builder));
  }
  const embedded = relationships.filter(({ type }) => type === 'package' || type === 'oleObject').length;
  if (embedded > 0) builder.warn('embedded_skipped', `${embedded} embedded file(s) were not read; upload them on their own if they matter.`);
  return builder.build(mime);
}

/** Foot- and endnotes: one paragraph each, marked as in the text. */
class Notes implements MarkupHandler {
  private id: string | undefined;
  private note = '';
  private inText = false;

  constructor(private readonly builder: DocumentBuilder) {}

  open(name: string, attributes: Record<string, string>): void {
    if (name === 'footnote' || name === 'endnote') {
      // Separators between text and notes are notes of a special type.
      const special = attribute(attributes, 'type');
      this.id = special === undefined || special === 'normal' ? attribute(attributes, 'id') : undefined;
      this.note = '';
    }
    if (name === 't') this.inText = true;
  }

  text(data: string): void {
    if (this.inText) this.note += data;
  }

  close(name: string): void {
    if (name === 't') this.inText = false;
    else if (name === 'p') this.note += ' ';
    else if ((name === 'footnote' || name === 'endnote') && this.id !== undefined && this.note.trim()) {
      this.builder.paragraph(`[^${this.id}] ${this.note.trim()}`);
    }
  }
}
