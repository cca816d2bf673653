import type { DocumentBuilder } from '../document-builder.js';
import type { Attributes } from '../reading/markup-reader.js';

const maxSpan = 64;

/** Gathers the outermost table; tables inside its cells become text of the cell. */
export class HtmlTables {
  private depth = 0;
  private rows: string[][] = [];
  private row: string[] | undefined;
  private cell: string[] | undefined;
  private caption: string[] = [];
  private span = 1;

  constructor(private readonly builder: DocumentBuilder) {}

  get inside(): boolean {
    return this.depth > 0;
  }

  open(): void {
    this.depth += 1;
  }

  openPart(name: string, attributes: Attributes): void {
    if (this.depth !== 1) return;
    if (name === 'tr') this.endRow();
    if (name !== 'td' && name !== 'th') return;
    this.endCell();
    this.row ??= [];
    this.cell = [];
    this.span = Math.min(Math.max(Number.parseInt(attributes.colspan ?? '1', 10) || 1, 1), maxSpan);
  }

  closePart(name: string): void {
    if (name === 'table') {
      if (this.depth === 1) this.endTable();
      else this.depth -= 1;
    } else if (this.depth === 1) {
      if (name === 'td' || name === 'th') this.endCell();
      else if (name === 'tr') this.endRow();
    }
  }

  text(text: string): void {
    (this.cell ?? this.caption).push(text);
  }

  finish(): void {
    if (this.inside) this.endTable();
  }

  private endCell(): void {
    if (!this.cell) return;
    this.row?.push(this.cell.join(' '), ...Array.from({ length: this.span - 1 }, () => ''));
    this.cell = undefined;
  }

  private endRow(): void {
    this.endCell();
    if (this.row) this.rows.push(this.row);
    this.row = undefined;
  }

  private endTable(): void {
    this.endRow();
    for (const text of this.caption) this.builder.paragraph(text);
    // One column is layout, not data.
    if (this.rows.every((row) => row.filter((cell) => cell.trim()).length < 2)) {
      for (const row of this.rows) this.builder.paragraph(row.filter((cell) => cell.trim()).join(' '));
    } else {
      this.builder.tableOf(this.rows);
    }
    this.depth = 0;
    this.rows = [];
    this.caption = [];
  }
}
