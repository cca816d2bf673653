import type { DocumentBuilder } from '../document-builder.js';
import type { Attributes, MarkupHandler } from '../reading/markup-reader.js';
import { formatNumber, type NumberKind } from './xlsx-values.js';

export interface WorkbookValues {
  strings: string[];
  kinds: NumberKind[];
  calendar1904: boolean;
}

/** Empty columns beyond this many in a row are not drawn: one cell far to the right must not cost 16,000 empty ones. */
const maxEmptyColumns = 16;

/** Streams the rows of one sheet. Blank rows divide tables; lone cells before a table are its captions. */
export class XlsxSheet implements MarkupHandler {
  private cells: { column: number; text: string }[] = [];
  private rowNumber = 0;
  private lastRow = 0;
  private column = 0;
  private type = '';
  private style = 0;
  private value = '';
  private capturing = false;
  private inTable = false;
  private firstColumn = 0;

  constructor(
    private readonly builder: DocumentBuilder,
    private readonly values: WorkbookValues,
  ) {}

  open(name: string, attributes: Attributes): void {
    if (name === 'row') {
      this.rowNumber = Number(attributes.r) || this.rowNumber + 1;
      this.cells = [];
      this.column = 0;
    } else if (name === 'c') {
      this.column = attributes.r ? columnOf(attributes.r) : this.column + 1;
      this.type = attributes.t ?? 'n';
      this.style = Number(attributes.s ?? 0);
      this.value = '';
    } else if (name === 'v' || name === 't') {
      this.capturing = true;
    } else if (name === 'rPh' || name === 'f') {
      this.capturing = false;
    }
  }

  text(data: string): void {
    if (this.capturing) this.value += data;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.capturing = false;
    else if (name === 'c') {
      const text = this.shown().trim();
      if (text) this.cells.push({ column: this.column, text });
    } else if (name === 'row') {
      this.endRow();
    }
  }

  finish(): void {
    this.builder.endTable();
  }

  private shown(): string {
    if (this.type === 's') return this.values.strings[Number(this.value)] ?? '';
    if (this.type === 'b') return this.value === '1' ? 'TRUE' : 'FALSE';
    if (this.type === 'n') return formatNumber(this.value, this.values.kinds[this.style] ?? 'number', this.values.calendar1904);
    return this.value;
  }

  private endRow(): void {
    const [first] = this.cells;
    if (!first) return;
    if (this.rowNumber > this.lastRow + 1) {
      this.builder.endTable();
      this.inTable = false;
    }
    this.lastRow = this.rowNumber;
    if (!this.inTable && this.cells.length === 1) {
      this.builder.paragraph(first.text);
      return;
    }
    if (!this.inTable) this.firstColumn = first.column;
    this.inTable = true;
    this.builder.row(this.spread());
  }

  private spread(): string[] {
    const row: string[] = [];
    let next = Math.min(this.firstColumn, this.cells[0]?.column ?? 1);
    for (const { column, text } of this.cells) {
      for (let empty = Math.min(column - next, maxEmptyColumns); empty > 0; empty -= 1) row.push('');
      row.push(text);
      next = column + 1;
    }
    return row;
  }
}

/** `AB12` → 28. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = (reference.charCodeAt(at) | 32) - 96;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column;
}
