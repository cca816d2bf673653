import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

export type Attributes = Record<string, string>;

export interface MarkupHandler {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text(data: string): void;
}

/**
 * Reads HTML or XML as a flat stream of tags, in linear time and constant memory whatever the nesting: the
 * library's own `Parser` keeps a stack with unshift/indexOf and needs minutes for 200,000 nested elements, so
 * this stands directly on its tokenizer. In XML names lose their namespace prefix and `<a/>` opens and closes;
 * in HTML names are lower-cased and nothing is implied.
 */
export class MarkupReader implements TokenizerCallbacks {
  private readonly tokenizer: Tokenizer;
  private buffer = '';
  private offset = 0;
  private consumed = 0;
  private name = '';
  private attributes: Attributes = {};
  private attribute = '';
  private value = '';

  constructor(
    private readonly handler: MarkupHandler,
    private readonly mode: 'html' | 'xml',
  ) {
    this.tokenizer = new Tokenizer({ xmlMode: mode === 'xml', decodeEntities: true }, this);
  }

  write(chunk: string): void {
    // Keep only what no callback has taken yet: a tag or text that goes on in the next chunk.
    this.buffer = this.buffer.slice(this.consumed - this.offset) + chunk;
    this.offset = this.consumed;
    this.tokenizer.write(chunk);
  }

  end(): void {
    this.tokenizer.end();
  }

  ontext(start: number, end: number): void {
    this.handler.text(this.take(start, end));
  }

  ontextentity(codepoint: number, end: number): void {
    this.consumed = end;
    this.handler.text(String.fromCodePoint(codepoint));
  }

  onopentagname(start: number, end: number): void {
    this.name = this.tagName(start, end);
    this.attributes = {};
  }

  onopentagend(): void {
    this.handler.open(this.name, this.attributes);
  }

  onselfclosingtag(): void {
    this.handler.open(this.name, this.attributes);
    if (this.mode === 'xml') this.handler.close(this.name);
  }

  onclosetag(start: number, end: number): void {
    this.handler.close(this.tagName(start, end));
  }

  onattribname(start: number, end: number): void {
    const name = this.take(start, end);
    this.attribute = this.mode === 'html' ? name.toLowerCase() : name;
    this.value = '';
  }

  onattribdata(start: number, end: number): void {
    this.value += this.take(start, end);
  }

  onattribentity(codepoint: number): void {
    this.value += String.fromCodePoint(codepoint);
  }

  onattribend(): void {
    this.attributes[this.attribute] ??= this.value;
  }

  oncdata(start: number, end: number, offset: number): void {
    if (this.mode === 'xml') this.handler.text(this.take(start, end - offset));
    this.consumed = end;
  }

  oncomment(_start: number, end: number): void {
    this.consumed = end;
  }

  ondeclaration(_start: number, end: number): void {
    this.consumed = end;
  }

  onprocessinginstruction(_start: number, end: number): void {
    this.consumed = end;
  }

  onend(): void {
    this.buffer = '';
  }

  private tagName(start: number, end: number): string {
    const name = this.take(start, end);
    return this.mode === 'html' ? name.toLowerCase() : name.slice(name.indexOf(':') + 1);
  }

  private take(start: number, end: number): string {
    this.consumed = end;
    return this.buffer.slice(start - this.offset, end - this.offset);
  }
}

/** The attribute with this local name, whatever its namespace prefix. */
export function attribute(attributes: Attributes, local: string): string | undefined {
  const plain = attributes[local];
  if (plain !== undefined) return plain;
  for (const name in attributes) {
    if (name.length > local.length && name.endsWith(local) && name[name.length - local.length - 1] === ':') return attributes[name];
  }
  return undefined;
}

/** Reads a whole XML part that comes in pieces. */
export async function readXml(chunks: AsyncIterable<string> | Iterable<string>, handler: MarkupHandler): Promise<void> {
  const reader = new MarkupReader(handler, 'xml');
  for await (const chunk of chunks) reader.write(chunk);
  reader.end();
}
