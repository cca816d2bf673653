import type { DocumentBuilder, ListItem } from '../document-builder.js';

/** Gathers the items of a list, nested ones indented, until the outermost list ends. */
export class HtmlLists {
  private readonly lists: { ordered: boolean; count: number }[] = [];
  private items: ListItem[] = [];
  private newItem = false;

  constructor(private readonly builder: DocumentBuilder) {}

  open(name: string): void {
    if (name === 'ul' || name === 'ol') this.lists.push({ ordered: name === 'ol', count: 0 });
    const list = this.lists.at(-1);
    if (name !== 'li' || !list) return;
    list.count += 1;
    this.newItem = true;
  }

  close(name: string): void {
    if (name === 'li') this.newItem = false;
    if (name !== 'ul' && name !== 'ol') return;
    this.lists.pop();
    if (this.lists.length === 0) this.flush();
  }

  /** Takes a piece of text when a list is open: a new item, or more of the last one. */
  text(text: string): boolean {
    const list = this.lists.at(-1);
    if (!list) return false;
    const last = this.items.at(-1);
    if (this.newItem || !last) this.items.push({ text, depth: this.lists.length - 1, marker: list.ordered ? `${list.count}.` : '-' });
    else last.text += ` ${text}`;
    this.newItem = false;
    return true;
  }

  flush(): void {
    if (this.items.length > 0) this.builder.list(this.items);
    this.items = [];
  }
}
