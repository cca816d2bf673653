import { type Token, analyze } from '#libs/text';
import { featuresOf } from './features.js';

/**
 * Embedding without a model: words, pairs of words and pieces of words of Chinese and English text, hashed into a vector of length 1.
 *
 * It is lexical, not semantic: texts are near when they share words or parts of words. 汽车 and 轿车 have nothing in common here, nor have
 * "car" and "automobile". Beside a keyword index it adds typos, endings and different segmentation, so its weight in a fusion
 * must be small (see `vectorWeight`). Deterministic: the same text gives the same vector on every machine, whatever else is stored.
 *
 * @example
 * const [question, passage] = new LexicalEmbedding().embed(['什么是数据库', '数据库是……']);
 */
export class LexicalEmbedding {
  readonly model = 'lexical';
  /** Changes whenever the same text would give another vector: stored vectors of another version must be computed again. */
  readonly version = '1';
  readonly dimensions: number;

  constructor(dimensions = 1024) {
    if (!Number.isInteger(dimensions) || dimensions < 64 || dimensions > 8192) {
      throw new RangeError(`dimensions must be an integer between 64 and 8192, not ${dimensions}`);
    }
    this.dimensions = dimensions;
  }

  /** One vector a text, of length 1; all zeros for a text without a letter or digit (such a vector is near nothing: do not index it). */
  embed(texts: readonly string[]): Float32Array[] {
    return texts.map((text) => this.embedTokens(analyze(text), text));
  }

  /** The same for a text analysed before; `tokens` are those of `analyze(text)`. */
  embedTokens(tokens: readonly Token[], text: string): Float32Array {
    const vector = new Float32Array(this.dimensions);
    featuresOf(tokens, text).addTo(vector);
    let squares = 0;
    for (const value of vector) squares += value * value;
    if (squares === 0) return vector;
    const scale = 1 / Math.sqrt(squares);
    for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) * scale;
    return vector;
  }
}
