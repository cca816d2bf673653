import type { DocumentBuilder, ListItem } from '../document-builder.js';
import { attribute, type Attributes, type MarkupHandler } from '../reading/markup-reader.js';
import type { Numbering, ParagraphStyle } from './docx-styles.js';
import { isOn } from './package.js';

interface Paragraph {
  text: string;
  style?: string;
  level?: number;
  numId?: string;
  depth: number;
}

/** Deleted and moved text, field codes, comments, the second form of a drawing, other people's formatting. */
const skipped = new Set(['del', 'moveFrom', 'Fallback', 'instrText', 'annotation', 'pPrChange', 'rPrChange', 'tblPrChange', 'sectPrChange']);

/** Turns the body of a Word document (or its notes) into blocks, in one pass over the XML. */
export class DocxBody implements MarkupHandler {
  private skipDepth = 0;
  private readonly paragraphs: Paragraph[] = [];
  private inText = false;
  private hiddenRun = false;
  private tableDepth = 0;
  private row: string[] = [];
  private cell = '';
  private span = 1;
  private items: ListItem[] = [];

  constructor(
    private readonly builder: DocumentBuilder,
    private readonly styles: Map<string, ParagraphStyle>,
    private readonly numbering: Numbering,
  ) {}

  open(name: string, attributes: Attributes): void {
    if (this.skipDepth > 0 || skipped.has(name)) {
      this.skipDepth += 1;
      return;
    }
    const paragraph = this.paragraphs.at(-1);
    if (name === 'p') this.paragraphs.push({ text: '', depth: 0 });
    else if (name === 'tbl' || name === 'tr' || name === 'tc') this.openTable(name);
    else if (name === 'gridSpan') this.span = Math.min(Number(attribute(attributes, 'val')) || 1, 64);
    else if (paragraph) this.openInParagraph(name, attributes, paragraph);
  }

  close(name: string): void {
    if (this.skipDepth > 0) {
      this.skipDepth -= 1;
      return;
    }
    if (name === 't') this.inText = false;
    else if (name === 'r') this.hiddenRun = false;
    else if (name === 'p') this.endParagraph(this.paragraphs.pop());
    else if (name === 'tc' || name === 'tr' || name === 'tbl') this.closeTable(name);
  }

  text(data: string): void {
    if (!this.inText || this.hiddenRun || this.skipDepth > 0) return;
    const paragraph = this.paragraphs.at(-1);
    if (paragraph) paragraph.text += data;
  }

  /** Call once after the last element. */
  finish(): void {
    this.flushList();
    this.builder.endTable();
  }

  private openInParagraph(name: string, attributes: Attributes, paragraph: Paragraph): void {
    const value = attribute(attributes, 'val');
    if (name === 't') this.inText = true;
    else if (name === 'tab') paragraph.text += value === undefined ? '\t' : '';
    else if (name === 'br' || name === 'cr') paragraph.text += '\n';
    else if (name === 'noBreakHyphen') paragraph.text += '-';
    else if (name === 'pStyle') paragraph.style = value;
    else if (name === 'outlineLvl' && Number(value) < 9) paragraph.level = Number(value) + 1;
    else if (name === 'numId') paragraph.numId = value;
    else if (name === 'ilvl') paragraph.depth = Math.min(Number(value) || 0, 8);
    else if (name === 'vanish') this.hiddenRun = isOn(attributes);
    else if (name === 'footnoteReference' || name === 'endnoteReference') paragraph.text += `[^${attribute(attributes, 'id') ?? ''}]`;
  }

  private openTable(name: string): void {
    if (name === 'tbl') {
      this.tableDepth += 1;
      if (this.tableDepth === 1) this.flushList();
    } else if (this.tableDepth === 1) {
      if (name === 'tr') this.row = [];
      else this.cell = '';
      this.span = 1;
    }
  }

  /** Only the outermost table keeps its shape; a table inside a cell becomes text of the cell. */
  private closeTable(name: string): void {
    if (name === 'tbl') {
      this.tableDepth -= 1;
      if (this.tableDepth === 0) this.builder.endTable();
    } else if (this.tableDepth !== 1) {
      this.cell += name === 'tc' ? ' ' : '\n';
    } else if (name === 'tc') {
      this.row.push(this.cell, ...Array.from({ length: this.span - 1 }, () => ''));
    } else {
      this.builder.row(this.row);
    }
  }

  private endParagraph(paragraph: Paragraph | undefined): void {
    if (!paragraph) return;
    if (this.tableDepth > 0) {
      this.cell += `${paragraph.text}\n`;
      return;
    }
    const style = this.styles.get(paragraph.style ?? '');
    if (!paragraph.text.trim() || /^(toc|目录)\s*\d/.test(style?.name ?? '')) return;
    const level = paragraph.level ?? style?.level;
    const numId = paragraph.numId ?? style?.numId;
    if (level !== undefined) {
      this.flushList();
      this.builder.heading(level, paragraph.text);
    } else if (numId !== undefined && numId !== '0') {
      this.items.push({ text: paragraph.text, depth: paragraph.depth, marker: this.numbering.next(numId, paragraph.depth) });
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
