import { linesOf, trimmed, type Line } from './lines.js';
import type { Block, BlockKind } from './types.js';

const atxHeading = /^ {0,3}(#{1,6})(?:[ \t]|$)/;
const underline = /^ {0,3}(=+|-+)[ \t]*$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const listItem = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const indented = /^(?: {2,}|\t)/;
const indentedCode = /^(?: {4}|\t)/;
const thematicBreak = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const tableDelimiter = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
/** Longer lines are prose whatever they begin with; keeps the patterns above from reading megabytes. */
const maxMarkLength = 2000;

/** Reads Markdown line by line. */
class MarkdownReader {
  private readonly blocks: Block[] = [];
  private readonly lines: Line[];
  private at = 0;

  constructor(private readonly text: string) {
    this.lines = linesOf(text);
  }

  read(): Block[] {
    if (this.line(0) === '---') this.readFrontMatter();
    while (this.at < this.lines.length) {
      if (this.isBlank(this.at)) this.at++;
      else if (!(this.readFence() || this.readAtxHeading() || this.readBreak() || this.readTable() || this.readList() || this.readIndentedCode())) this.readParagraph();
    }
    return this.blocks;
  }

  /** The beginning of a line: enough to see what it is. */
  private line(index: number): string {
    const line = this.lines[index];
    return line ? this.text.slice(line.start, Math.min(line.end, line.start + maxMarkLength)) : '';
  }

  private isBlank(index: number): boolean {
    const line = this.lines[index];
    return !line || !trimmed(this.text, line.start, line.end);
  }

  /** Adds the lines from the current one up to `next` (exclusive) as a block and goes on there. */
  private take(kind: BlockKind, next: number, level?: number): true {
    const first = this.lines[this.at];
    const last = this.lines[next - 1];
    const range = first && last && trimmed(this.text, first.start, last.end);
    if (range) this.blocks.push(level === undefined ? { kind, ...range } : { kind, ...range, level });
    this.at = next;
    return true;
  }

  private readFrontMatter(): void {
    for (let next = 1; next < Math.min(this.lines.length, 200); next++) {
      if (this.isBlank(next)) return;
      if (this.line(next) === '---') {
        this.take('code', next + 1);
        return;
      }
    }
  }

  private readFence(): boolean {
    const marks = fence.exec(this.line(this.at))?.[1];
    if (!marks) return false;
    let next = this.at + 1;
    while (next < this.lines.length) {
      const line = this.line(next++).trim();
      if (line.startsWith(marks) && line === line.charAt(0).repeat(line.length)) break;
    }
    return this.take('code', next);
  }

  private readAtxHeading(): boolean {
    const marks = atxHeading.exec(this.line(this.at))?.[1];
    return marks ? this.take('heading', this.at + 1, marks.length) : false;
  }

  private readBreak(): boolean {
    return thematicBreak.test(this.line(this.at)) && this.take('paragraph', this.at + 1);
  }

  private startsTable(index: number): boolean {
    const delimiter = this.line(index + 1);
    return this.line(index).includes('|') && delimiter.includes('-') && delimiter.includes('|') && tableDelimiter.test(delimiter);
  }

  private readTable(): boolean {
    if (!this.startsTable(this.at)) return false;
    let next = this.at + 2;
    while (next < this.lines.length && this.line(next).includes('|')) next++;
    return this.take('table', next);
  }

  /** Items, what is indented under them, and the lines that go on with their text. */
  private readList(): boolean {
    if (!listItem.test(this.line(this.at))) return false;
    let next = this.at + 1;
    let end = next;
    for (; next < this.lines.length; next++) {
      if (this.isBlank(next)) continue;
      const line = this.line(next);
      const afterBlank = next > end;
      if (!listItem.test(line) && !indented.test(line) && (afterBlank || this.interrupts(next))) break;
      end = next + 1;
    }
    return this.take('list', end);
  }

  private readIndentedCode(): boolean {
    if (!indentedCode.test(this.line(this.at))) return false;
    let next = this.at + 1;
    while (next < this.lines.length && indentedCode.test(this.line(next))) next++;
    return this.take('code', next);
  }

  /** Does something other than the paragraph at hand begin on this line? */
  private interrupts(index: number): boolean {
    const line = this.line(index);
    return atxHeading.test(line) || fence.test(line) || thematicBreak.test(line) || this.startsTable(index);
  }

  private readParagraph(): void {
    let next = this.at + 1;
    for (; next < this.lines.length && !this.isBlank(next); next++) {
      const marks = underline.exec(this.line(next))?.[1];
      if (marks) {
        this.take('heading', next + 1, marks.startsWith('=') ? 1 : 2);
        return;
      }
      if (this.interrupts(next) || listItem.test(this.line(next))) break;
    }
    this.take('paragraph', next);
  }
}

/** Blocks of Markdown: headings of both forms, lists, pipe tables, fenced and indented code, paragraphs (quotes and HTML among them). */
export function blocksOfMarkdown(text: string): Block[] {
  return new MarkdownReader(text).read();
}
