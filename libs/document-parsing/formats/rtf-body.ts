import type { DocumentBuilder, ListItem } from '../document-builder.js';
import { encodingOfCharacterSet, encodingOfCodePage } from './rtf-encodings.js';
import type { RtfHandler } from './rtf-tokens.js';

type Destination = 'body' | 'skip' | 'fonts' | 'styles' | 'marker' | 'title' | 'author' | 'subject' | 'keywords';

/** What a group inherits and its end restores. */
interface State {
  destination: Destination;
  /** The group began with `\*`: unknown destinations in it are left out. */
  optional: boolean;
  hidden: boolean;
  font: number;
  /** Fallback characters that stand after each `\u`. */
  fallback: number;
}

const destinations: Record<string, Destination> = {
  fonttbl: 'fonts', stylesheet: 'styles', listtext: 'marker', pntext: 'marker', title: 'title', author: 'author', subject: 'subject', keywords: 'keywords',
};
const skippedDestinations = new Set(
  'colortbl info pict object themedata datastore header headerl headerr headerf footer footerl footerr footerf listtable listoverridetable rsidtbl generator xmlnstbl fldinst annotation atnid atnauthor nonshppict shpinst private revtbl filetbl'.split(' '),
);
const symbols: Record<string, string> = {
  tab: '\t', line: '\n', emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•', emspace: ' ', enspace: ' ', '~': ' ', _: '-', '\n': '\n', '\r': '\n',
};

export class RtfBody implements RtfHandler {
  private state: State = { destination: 'body', optional: false, hidden: false, font: 0, fallback: 1 };
  private readonly stack: State[] = [];
  private encoding = 'windows-1252';
  private readonly fontEncodings = new Map<number, string>();
  private readonly headingStyles = new Map<number, number>();
  private style = 0;
  private pending: number[] = [];
  private skipCharacters = 0;
  private text = '';
  private styleName = '';
  private marker = '';
  private depth = 0;
  private level: number | undefined;
  private inTable = false;
  private row: string[] = [];
  private items: ListItem[] = [];

  constructor(private readonly builder: DocumentBuilder) {}

  openGroup(): void {
    this.decodePending();
    this.stack.push({ ...this.state });
    this.state.optional = false;
  }

  closeGroup(): void {
    this.decodePending();
    if (this.state.destination === 'styles' && this.styleName) this.endStyle();
    this.state = this.stack.pop() ?? this.state;
  }

  bytes(bytes: number[]): void {
    const skip = Math.min(this.skipCharacters, bytes.length);
    this.skipCharacters -= skip;
    if (this.state.destination !== 'skip') for (const byte of skip > 0 ? bytes.slice(skip) : bytes) this.pending.push(byte);
  }

  control(word: string, number: number | undefined): void {
    this.decodePending();
    const symbol = symbols[word];
    if (symbol !== undefined || word === 'u') this.character(symbol ?? String.fromCharCode((number ?? 0) & 0xffff), word === 'u');
    else if (word === '{' || word === '}' || word === '\\') this.character(word, false);
    else if (word === '*') this.state.optional = true;
    else if (destinations[word]) this.state.destination = this.state.destination === 'skip' && !(word in infoKeys) ? 'skip' : destinations[word];
    else if (skippedDestinations.has(word)) this.state.destination = 'skip';
    else if (!this.formatting(word, number ?? 0, number) && this.state.optional) this.state.destination = 'skip';
  }

  finish(): void {
    this.decodePending();
    this.endParagraph();
    this.flushList();
    this.builder.endTable();
  }

  /** Returns whether the word is known. */
  private formatting(word: string, value: number, given: number | undefined): boolean {
    switch (word) {
      case 'par':
      case 'sect':
      case 'page':
        this.endParagraph();
        return true;
      case 'pard':
        [this.level, this.inTable, this.style, this.depth] = [undefined, false, 0, 0];
        return true;
      case 'cell':
      case 'row':
      case 'intbl':
        this.tablePart(word);
        return true;
      case 's':
        this.style = value;
        return true;
      case 'outlinelevel':
        this.level = value < 9 ? value + 1 : undefined;
        return true;
      case 'ilvl':
        this.depth = Math.min(value, 8);
        return true;
      default:
        return this.characterFormatting(word, value, given);
    }
  }

  private characterFormatting(word: string, value: number, given: number | undefined): boolean {
    if (word === 'v' || word === 'deleted') this.state.hidden = given !== 0;
    else if (word === 'plain') this.state.hidden = false;
    else if (word === 'f') this.state.font = value;
    else if (word === 'fcharset') this.fontEncodings.set(this.state.font, encodingOfCharacterSet(value) ?? '');
    else if (word === 'ansicpg') this.encoding = encodingOfCodePage(value);
    else if (word === 'uc') this.state.fallback = Math.min(value, 16);
    else return false;
    return true;
  }

  private tablePart(word: 'cell' | 'row' | 'intbl'): void {
    this.inTable = true;
    if (word === 'cell') {
      this.row.push(this.text);
      this.text = '';
      this.marker = '';
    } else if (word === 'row') {
      this.flushList();
      this.builder.row(this.row);
      this.row = [];
    }
  }

  private character(text: string, hasFallback: boolean): void {
    if (this.skipCharacters > 0 && !hasFallback) {
      this.skipCharacters -= 1;
      return;
    }
    this.put(text);
    if (hasFallback) this.skipCharacters = this.state.fallback;
  }

  private decodePending(): void {
    if (this.pending.length === 0) return;
    const encoding = this.fontEncodings.get(this.state.font) || this.encoding;
    this.put(new TextDecoder(encoding).decode(Uint8Array.from(this.pending)));
    this.pending = [];
  }

  private put(text: string): void {
    const { destination, hidden } = this.state;
    if (destination === 'body') this.text += hidden ? '' : text;
    else if (destination === 'styles') this.styleName += text;
    else if (destination === 'marker') this.marker += text;
    else if (destination === 'title') this.builder.title = (this.builder.title ?? '') + text;
    else if (destination in infoKeys) this.builder.metadata[destination] = (this.builder.metadata[destination] ?? '') + text;
  }

  private endStyle(): void {
    const level = /^(?:heading|标题|überschrift|titre|título)\s*([1-9])/i.exec(this.styleName)?.[1];
    if (level) this.headingStyles.set(this.style, Number(level));
    else if (/^title;/i.test(this.styleName)) this.headingStyles.set(this.style, 1);
    this.styleName = '';
    this.style = 0;
  }

  private endParagraph(): void {
    const { text, marker } = this;
    if (this.inTable) {
      this.text += '\n';
      return;
    }
    [this.text, this.marker] = ['', ''];
    if (this.row.length > 0) this.builder.row(this.row.splice(0));
    if (!text.trim()) return;
    const level = this.level ?? this.headingStyles.get(this.style);
    if (level === undefined && marker.trim()) {
      const numbered = /[0-9a-z]/i.test(marker);
      this.items.push({ text, depth: this.depth, marker: numbered ? marker.trim() : '-' });
      return;
    }
    this.flushList();
    this.builder.endTable();
    if (level !== undefined) this.builder.heading(level, text);
    else this.builder.paragraph(text);
  }

  private flushList(): void {
    if (this.items.length > 0) this.builder.list(this.items);
    this.items = [];
  }
}

const infoKeys: Record<string, true> = { title: true, author: true, subject: true, keywords: true };
