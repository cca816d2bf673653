import type { DocumentBuilder } from '../document-builder.js';
import type { Attributes, MarkupHandler } from '../reading/markup-reader.js';
import { HtmlLists } from './html-lists.js';
import { HtmlTables } from './html-tables.js';
import { InlineText } from './inline-text.js';
import { type HtmlScope, isHidden, optionalEnd, voidElements } from './html-elements.js';

const blockElements = new Set(
  'address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul'.split(' '),
);
const metaNames: Record<string, string> = { author: 'author', description: 'description', keywords: 'keywords', date: 'date' };

/** Turns HTML tags into blocks in one pass; it keeps counters, not a tree, so nesting costs nothing. */
export class HtmlBody implements MarkupHandler {
  private skipping: { name: string; depth: number } | undefined;
  private mainDepth = 0;
  private headingLevel: number | undefined;
  private preDepth = 0;
  private inTitle = false;
  private title = '';
  private readonly inline = new InlineText();
  private readonly lists: HtmlLists;
  private readonly tables: HtmlTables;

  constructor(
    private readonly builder: DocumentBuilder,
    private readonly scope: HtmlScope,
  ) {
    this.lists = new HtmlLists(builder);
    this.tables = new HtmlTables(builder);
  }

  open(name: string, attributes: Attributes): void {
    if (this.isSkipping(name)) return;
    if (voidElements.has(name)) {
      this.openVoid(name, attributes);
      return;
    }
    if (isHidden(name, attributes, this.scope, this.mainDepth > 0)) {
      this.skipping = { name, depth: 1 };
      return;
    }
    if (name === 'title') this.inTitle = true;
    if (this.isMain(name, attributes)) this.mainDepth += 1;
    if (!blockElements.has(name)) return;
    this.flush();
    if (/^h[1-6]$/.test(name)) this.headingLevel = Number(name[1]);
    else if (name === 'pre') this.preDepth += 1;
    else if (name === 'table') {
      this.lists.flush();
      this.tables.open();
    } else if (this.tables.inside) this.tables.openPart(name, attributes);
    else this.lists.open(name);
  }

  close(name: string): void {
    if (this.skipping) {
      if (this.skipping.name === name && (this.skipping.depth -= 1) === 0) this.skipping = undefined;
      return;
    }
    if (name === 'title') this.inTitle = false;
    if (blockElements.has(name)) {
      this.flush();
      if (/^h[1-6]$/.test(name)) this.headingLevel = undefined;
      else if (name === 'pre') this.preDepth = Math.max(0, this.preDepth - 1);
      else if (this.tables.inside) this.tables.closePart(name);
      else this.lists.close(name);
    }
    if ((name === 'main' || name === 'article') && this.mainDepth > 0) this.mainDepth -= 1;
  }

  text(data: string): void {
    if (this.skipping) return;
    if (this.inTitle) this.title += data;
    else if (this.scope !== 'main' || this.mainDepth > 0) this.inline.add(data, this.preDepth > 0);
  }

  /** Call once after the last tag. */
  finish(): void {
    this.flush();
    this.tables.finish();
    this.lists.flush();
    if (this.title.trim()) this.builder.title ??= this.title;
  }

  private openVoid(name: string, attributes: Attributes): void {
    if (name === 'br') this.inline.lineBreak();
    else if (name === 'hr') this.flush();
    else if (name === 'meta') {
      const key = metaNames[attributes.name?.toLowerCase() ?? ''];
      if (key && attributes.content) this.builder.metadata[key] ??= attributes.content;
    }
  }

  private isSkipping(name: string): boolean {
    if (!this.skipping) return false;
    if (this.skipping.name !== name) return true;
    // A second <p> or <li> ends the first one, which need not be closed.
    if (optionalEnd.has(name)) {
      this.skipping = undefined;
      return false;
    }
    this.skipping.depth += 1;
    return true;
  }

  private isMain(name: string, attributes: Attributes): boolean {
    return name === 'main' || name === 'article' || (attributes.role === 'main' && this.scope === 'main');
  }

  private flush(): void {
    const text = this.inline.take();
    if (!text.trim()) return;
    if (this.tables.inside) this.tables.text(text);
    else if (this.preDepth > 0) {
      this.lists.flush();
      this.builder.code(text);
    } else if (this.headingLevel !== undefined) {
      this.lists.flush();
      this.builder.heading(this.headingLevel, text);
    } else if (!this.lists.text(text)) {
      this.builder.paragraph(text);
    }
  }
}
