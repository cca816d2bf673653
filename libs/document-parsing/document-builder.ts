import type { Block } from '#libs/chunking';
import type { ParsedDocument, ParseLimits, ParseWarning } from './document.types.js';
import { tooMuchText } from './parse-error.js';
import { cleanText, singleLine } from './reading/clean-text.js';

export interface ListItem {
  text: string;
  /** 0 for the outermost items. */
  depth: number;
  /** What stands before the item; `-` when absent. */
  marker?: string;
}

const maxUnnamedColumns = 64;

/** Collects the content of a document and the exact range of each block in it, within the limit of characters. */
export class DocumentBuilder {
  readonly metadata: Record<string, string> = {};
  title: string | undefined;
  pages: number | undefined;
  /** Page or slide of the blocks to come. */
  page: number | undefined;
  private readonly parts: string[] = [];
  private length = 0;
  private readonly blocks: Block[] = [];
  private readonly warnings = new Map<string, ParseWarning>();
  private table: { start: number; rows: number; columns: number } | undefined;

  constructor(private readonly limits: ParseLimits) {}

  get isEmpty(): boolean {
    return this.blocks.length === 0;
  }

  heading(level: number, text: string): void {
    this.block('heading', singleLine(text), Math.min(Math.max(level, 1), 6));
  }

  paragraph(text: string): void {
    this.block('paragraph', cleanText(text).trim());
  }

  code(text: string): void {
    this.block('code', cleanText(text).replace(/^\n+|\s+$/g, ''));
  }

  list(items: ListItem[]): void {
    const lines = items
      .map((item) => ({ ...item, text: singleLine(item.text) }))
      .filter((item) => item.text)
      .map((item) => `${'  '.repeat(Math.min(item.depth, 8))}${item.marker ?? '-'} ${item.text}`);
    this.block('list', lines.join('\n').trim());
  }

  /** Rows of a table may come one by one; the first one is its header. Empty rows are left out. */
  row(cells: readonly string[]): void {
    const texts = cells.map((cell) => singleLine(cell).replaceAll('|', '\\|'));
    // The header may leave columns unnamed that later rows fill; emptiness beyond it is an artefact of the source.
    const kept = this.table || texts.length > maxUnnamedColumns ? 1 : texts.length;
    while (texts.length > kept && !texts.at(-1)) texts.pop();
    if (!texts.some(Boolean)) return;
    if (!this.table) {
      this.separate();
      this.table = { start: this.length, rows: 0, columns: texts.length };
    } else {
      this.append('\n');
    }
    while (texts.length < this.table.columns) texts.push('');
    this.append(`| ${texts.join(' | ')} |`);
    this.table.rows += 1;
    if (this.table.rows === 1) this.append(`\n|${' --- |'.repeat(texts.length)}`);
  }

  endTable(): void {
    if (!this.table) return;
    this.blocks.push(this.ranged({ kind: 'table', start: this.table.start, end: this.length }));
    this.table = undefined;
  }

  tableOf(rows: readonly (readonly string[])[]): void {
    for (const row of rows) this.row(row);
    this.endTable();
  }

  /** Takes text that already has its blocks, as plain text and Markdown do. */
  ready(text: string, blocks: readonly Block[]): void {
    this.separate();
    const offset = this.length;
    this.append(text);
    for (const block of blocks) this.blocks.push(this.ranged({ ...block, start: block.start + offset, end: block.end + offset }));
  }

  /** One warning a code and message; parsers may repeat themselves. */
  warn(code: string, message: string): void {
    this.warnings.set(`${code} ${message}`, { code, message });
  }

  /** Appends another document (an attachment) with its blocks one heading level lower. */
  embed(document: ParsedDocument): void {
    this.ready(
      document.content,
      document.blocks.map((block) => ({ ...block, page: undefined, level: block.level && Math.min(block.level + 1, 6) })),
    );
    for (const { code, message } of document.warnings) this.warn(code, message);
  }

  build(mime: string): ParsedDocument {
    this.endTable();
    const content = this.parts.join('');
    const title = this.title && singleLine(this.title);
    const metadata = Object.fromEntries(
      Object.entries(this.metadata)
        .map(([key, value]) => [key, singleLine(value).slice(0, 1000)])
        .filter(([, value]) => value),
    );
    return {
      mime,
      title: title || this.firstHeading(content),
      content,
      blocks: this.blocks,
      pages: this.pages,
      warnings: [...this.warnings.values()],
      metadata,
    };
  }

  private firstHeading(content: string): string | undefined {
    const heading = this.blocks.find((block) => block.kind === 'heading');
    const text = heading && content.slice(heading.start, heading.end).slice(0, 300);
    // Markdown keeps its marks in the content.
    return text?.split('\n')[0]?.replace(/^#+\s+|\s+#+$/g, '');
  }

  private block(kind: Block['kind'], text: string, level?: number): void {
    if (!text) return;
    this.endTable();
    this.separate();
    const start = this.length;
    this.append(text);
    this.blocks.push(this.ranged(level === undefined ? { kind, start, end: this.length } : { kind, start, end: this.length, level }));
  }

  private ranged(block: Block): Block {
    return this.page === undefined ? block : { ...block, page: this.page };
  }

  private separate(): void {
    if (this.length > 0) this.append('\n\n');
  }

  private append(text: string): void {
    this.length += text.length;
    if (this.length > this.limits.maxCharacters) {
      throw tooMuchText(this.limits.maxCharacters);
    }
    this.parts.push(text);
  }
}
