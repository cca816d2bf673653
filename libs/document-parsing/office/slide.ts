import type { DocumentBuilder, ListItem } from '../document-builder.js';
import { attribute, type Attributes, type MarkupHandler } from '../reading/markup-reader.js';

interface Shape {
  /** Placeholder type: `title`, `body`, `sldNum` …; empty for free text. */
  role: string;
  paragraphs: { text: string; depth: number }[];
  rows: string[][];
  description: string;
}

const titles = new Set(['title', 'ctrTitle']);
/** Repeated on every slide, or only pictures of the slide itself. */
const furniture = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg']);

/** Reads the shapes of a slide, or of its notes, in their order. */
export class SlideReader implements MarkupHandler {
  private readonly shapes: Shape[] = [{ role: '', paragraphs: [], rows: [], description: '' }];
  private paragraph: { text: string; depth: number } | undefined;
  private inText = false;
  private fallbacks = 0;
  private tables = 0;
  private cell: string[] | undefined;

  open(name: string, attributes: Attributes): void {
    if (name === 'Fallback') this.fallbacks += 1;
    if (this.fallbacks > 0) return;
    const shape = this.shapes.at(-1)!;
    if (name === 'sp' || name === 'pic' || name === 'graphicFrame' || name === 'cxnSp') this.shapes.push({ role: '', paragraphs: [], rows: [], description: '' });
    else if (name === 'cNvPr') shape.description = attribute(attributes, 'descr') ?? '';
    else if (name === 'ph') shape.role = attribute(attributes, 'type') ?? 'body';
    else if (name === 'tbl') this.tables += 1;
    else if (name === 'tr' && this.tables === 1) shape.rows.push([]);
    else if (name === 'tc' && this.tables === 1) this.cell = [];
    else if (name === 'p') this.paragraph = { text: '', depth: 0 };
    else if (name === 'pPr' && this.paragraph) this.paragraph.depth = Math.min(Number(attribute(attributes, 'lvl')) || 0, 8);
    else if (name === 'br' && this.paragraph) this.paragraph.text += '\n';
    else if (name === 't') this.inText = true;
  }

  text(data: string): void {
    if (this.inText && this.paragraph && this.fallbacks === 0) this.paragraph.text += data;
  }

  close(name: string): void {
    if (name === 'Fallback') this.fallbacks -= 1;
    else if (this.fallbacks > 0) return;
    else if (name === 't') this.inText = false;
    else if (name === 'p') this.endParagraph();
    else if (name === 'tc' && this.tables === 1 && this.cell) {
      this.shapes.at(-1)?.rows.at(-1)?.push(this.cell.join(' '));
      this.cell = undefined;
    } else if (name === 'tbl') this.tables -= 1;
  }

  /** The title first, then the other shapes. */
  write(builder: DocumentBuilder): void {
    for (const shape of this.shapes.filter(({ role }) => titles.has(role))) builder.heading(1, textOf(shape));
    for (const shape of this.shapes) {
      if (titles.has(shape.role) || furniture.has(shape.role)) continue;
      if (shape.rows.length > 0) builder.tableOf(shape.rows);
      else if (shape.role === 'subTitle') builder.paragraph(textOf(shape));
      else if (shape.role && shape.paragraphs.length > 1) builder.list(shape.paragraphs as ListItem[]);
      else for (const paragraph of shape.paragraphs) builder.paragraph(paragraph.text);
      if (shape.paragraphs.length === 0 && shape.rows.length === 0) builder.paragraph(shape.description);
    }
  }

  writeParagraphs(builder: DocumentBuilder): void {
    builder.list(this.shapes.flatMap((shape) => shape.paragraphs));
  }

  writeNotes(builder: DocumentBuilder): void {
    for (const shape of this.shapes.filter(({ role }) => role === 'body')) builder.paragraph(textOf(shape));
  }

  private endParagraph(): void {
    const paragraph = this.paragraph;
    this.paragraph = undefined;
    if (!paragraph?.text.trim()) return;
    if (this.cell) this.cell.push(paragraph.text);
    else this.shapes.at(-1)?.paragraphs.push(paragraph);
  }
}

function textOf(shape: Shape): string {
  return shape.paragraphs.map(({ text }) => text).join('\n');
}
