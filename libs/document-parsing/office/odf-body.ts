import type { DocumentBuilder, ListItem } from '../document-builder.js';
import { attribute, type Attributes, type MarkupHandler } from '../reading/markup-reader.js';

const skipped = new Set(['tracked-changes', 'annotation', 'forms', 'master-styles', 'automatic-styles', 'font-face-decls', 'scripts', 'settings', 'ruby-text']);
/** A spreadsheet declares a million empty rows and a thousand empty cells at its edge; real repeats are few. */
const maxRepeat = 64;

interface Paragraph {
  text: string;
  level?: number;
}

/** Turns content.xml of an OpenDocument file into blocks, in one pass. */
export class OdfBody implements MarkupHandler {
  kind: 'text' | 'spreadsheet' | 'presentation' | undefined;
  private skipDepth = 0;
  private readonly paragraphs: Paragraph[] = [];
  private slide = 0;
  private titleFrame = false;
  private listDepth = 0;
  private newItem = false;
  private items: ListItem[] = [];
  private tableDepth = 0;
  private row: string[] = [];
  private rowRepeat = 1;
  private cell = '';
  private cellRepeat = 1;

  constructor(private readonly builder: DocumentBuilder) {}

  open(name: string, attributes: Attributes): void {
    if (this.skipDepth > 0 || skipped.has(name)) {
      this.skipDepth += 1;
      return;
    }
    if (name === 'p' || name === 'h') {
      const level = name === 'h' ? Number(attribute(attributes, 'outline-level')) || 1 : undefined;
      this.paragraphs.push({ text: '', level: this.titleFrame ? 1 : level });
    } else if (name === 'text' || name === 'spreadsheet' || name === 'presentation') this.kind ??= name;
    else if (name === 'page') this.openSlide();
    else if (name === 'frame') this.titleFrame = attribute(attributes, 'class') === 'title';
    else if (name === 'list') this.listDepth += 1;
    else if (name === 'list-item') this.newItem = true;
    else if (name.startsWith('table')) this.openTable(name, attributes);
    else this.openInline(name, attributes);
  }

  close(name: string): void {
    if (this.skipDepth > 0) {
      this.skipDepth -= 1;
      return;
    }
    if (name === 'p' || name === 'h') this.endParagraph(this.paragraphs.pop());
    else if (name === 'frame') this.titleFrame = false;
    else if (name === 'list') {
      this.listDepth -= 1;
      if (this.listDepth === 0) this.flushList();
    } else if (name.startsWith('table') || name === 'covered-table-cell') this.closeTable(name);
  }

  text(data: string): void {
    const paragraph = this.paragraphs.at(-1);
    if (paragraph && this.skipDepth === 0) paragraph.text += data.replace(/\s+/g, ' ');
  }

  finish(): void {
    this.flushList();
    this.builder.endTable();
    this.builder.page = undefined;
    if (this.slide > 0) this.builder.pages = this.slide;
  }

  private openSlide(): void {
    this.flushList();
    this.slide += 1;
    this.builder.page = this.slide;
  }

  private openInline(name: string, attributes: Attributes): void {
    const paragraph = this.paragraphs.at(-1);
    if (!paragraph) return;
    if (name === 's') paragraph.text += ' '.repeat(Math.min(Number(attribute(attributes, 'c')) || 1, maxRepeat));
    else if (name === 'tab') paragraph.text += '\t';
    else if (name === 'line-break') paragraph.text += '\n';
  }

  private openTable(name: string, attributes: Attributes): void {
    if (name === 'table') {
      this.tableDepth += 1;
      if (this.tableDepth > 1) return;
      this.flushList();
      if (this.kind === 'spreadsheet') this.builder.heading(1, attribute(attributes, 'name') ?? '');
    } else if (this.tableDepth === 1 && name === 'table-row') {
      this.row = [];
      this.rowRepeat = repeats(attributes, 'number-rows-repeated');
    } else if (this.tableDepth === 1 && name === 'table-cell') {
      this.cell = '';
      this.cellRepeat = repeats(attributes, 'number-columns-repeated');
    }
  }

  private closeTable(name: string): void {
    if (name === 'table') {
      this.tableDepth -= 1;
      if (this.tableDepth === 0) this.builder.endTable();
    } else if (this.tableDepth !== 1) return;
    else if (name === 'table-cell') for (let copy = 0; copy < this.cellRepeat; copy += 1) this.row.push(this.cell);
    else if (name === 'covered-table-cell') this.row.push('');
    else if (name === 'table-row') this.endRow();
  }

  private endRow(): void {
    if (!this.row.some((cell) => cell.trim())) {
      // Blank rows divide the tables of a sheet.
      if (this.kind === 'spreadsheet') this.builder.endTable();
      return;
    }
    for (let copy = 0; copy < this.rowRepeat; copy += 1) this.builder.row(this.row);
  }

  private endParagraph(paragraph: Paragraph | undefined): void {
    if (!paragraph) return;
    if (this.tableDepth > 0) this.cell += `${this.cell ? '\n' : ''}${paragraph.text}`;
    else if (paragraph.level !== undefined) {
      this.flushList();
      this.builder.heading(paragraph.level, paragraph.text);
    } else if (this.listDepth > 0) {
      const last = this.items.at(-1);
      if (this.newItem || !last) this.items.push({ text: paragraph.text, depth: this.listDepth - 1 });
      else last.text += ` ${paragraph.text}`;
      this.newItem = false;
    } else {
      this.flushList();
      this.builder.paragraph(paragraph.text);
    }
  }

  private flushList(): void {
    if (this.items.length > 0) this.builder.list(this.items);
    this.items = [];
  }
}

function repeats(attributes: Attributes, name: string): number {
  return Math.min(Number(attribute(attributes, name)) || 1, maxRepeat);
}
