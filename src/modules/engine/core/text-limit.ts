import { countTokens, endOfTokens } from '#libs/text';

export interface Limits {
  stop: string[];
  maxTokens?: number;
}

/** Ends a text that comes in pieces before a stop string, or after a number of estimated tokens. */
export class TextLimit {
  /** Why the text has ended; undefined while it may go on. */
  reached: 'stop' | 'length' | undefined;
  /** The end of what came, while it may be the beginning of a stop string. */
  private held = '';
  private readonly stop: string[];
  private tokensLeft: number;

  constructor({ stop, maxTokens }: Limits) {
    this.stop = stop.filter((text) => text !== '');
    this.tokensLeft = maxTokens ?? Infinity;
  }

  /** @returns what may be said now of everything that came */
  take(piece: string): string {
    if (this.reached) return '';
    const text = this.held + piece;
    const places = this.stop.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    if (places.length > 0) {
      this.reached = 'stop';
      return this.bounded(text.slice(0, Math.min(...places)));
    }
    const safe = text.length - this.undecided(text);
    this.held = text.slice(safe);
    return this.bounded(text.slice(0, safe));
  }

  /** @returns what was held back, at the end of the text */
  end(): string {
    const text = this.held;
    this.held = '';
    return this.reached ? '' : this.bounded(text);
  }

  /** Length of the longest end of `text` that a stop string begins with. */
  private undecided(text: string): number {
    for (let length = Math.min(text.length, Math.max(0, ...this.stop.map((stop) => stop.length - 1))); length > 0; length--) {
      const end = text.slice(-length);
      if (this.stop.some((stop) => stop.startsWith(end))) return length;
    }
    return 0;
  }

  private bounded(text: string): string {
    if (this.tokensLeft === Infinity || text === '') return text;
    const tokens = countTokens(text);
    if (tokens <= this.tokensLeft) {
      this.tokensLeft -= tokens;
      return text;
    }
    this.reached = 'length';
    return this.tokensLeft > 0 ? text.slice(0, endOfTokens(text, 0, text.length, this.tokensLeft)) : '';
  }
}
