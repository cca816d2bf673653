import type { DocumentBuilder } from '../document-builder.js';
import { attribute, type Attributes, type MarkupHandler } from '../reading/markup-reader.js';

interface Series {
  name: string;
  categories: string[];
  values: string[];
}

const maxPoints = 2000;

/** Reads the figures that a chart keeps beside its drawing: a table of categories and series. */
export class ChartReader implements MarkupHandler {
  private title = '';
  private readonly series: Series[] = [];
  private place: 'title' | 'name' | 'categories' | 'values' | undefined;
  private index = 0;
  private capturing = false;
  private captured = '';

  open(name: string, attributes: Attributes): void {
    const current = this.series.at(-1);
    if (name === 'ser') this.series.push({ name: '', categories: [], values: [] });
    else if (name === 'title' && !current) this.place = 'title';
    else if (name === 'tx' && current) this.place = 'name';
    else if (name === 'cat' || name === 'xVal') this.place = 'categories';
    else if (name === 'val' || name === 'yVal') this.place = 'values';
    else if (name === 'pt') this.index = Math.min(Number(attribute(attributes, 'idx')) || 0, maxPoints);
    else if (name === 'v' || name === 't') {
      this.capturing = true;
      this.captured = '';
    }
  }

  text(data: string): void {
    if (this.capturing) this.captured += data;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') {
      this.capturing = false;
      this.keep();
    } else if (['title', 'tx', 'cat', 'val', 'xVal', 'yVal'].includes(name) && !(name === 'tx' && this.place === 'title')) {
      this.place = undefined;
    }
  }

  write(builder: DocumentBuilder): void {
    const categories = this.series.find((series) => series.categories.length > 0)?.categories ?? [];
    const rows = Math.max(0, ...this.series.map((series) => series.values.length), categories.length);
    if (rows === 0) {
      builder.paragraph(this.title);
      return;
    }
    builder.row([this.title || 'Chart', ...this.series.map((series) => series.name)]);
    for (let at = 0; at < rows; at += 1) builder.row([categories[at] ?? '', ...this.series.map((series) => series.values[at] ?? '')]);
    builder.endTable();
  }

  private keep(): void {
    const current = this.series.at(-1);
    if (this.place === 'title') this.title += this.captured;
    else if (current && this.place === 'name') current.name += this.captured;
    else if (current && this.place === 'categories') current.categories[this.index] = this.captured;
    else if (current && this.place === 'values') current.values[this.index] = this.captured;
  }
}
