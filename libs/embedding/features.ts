import { type Token, normalise, stopTerms } from '#libs/text';
import { hashOf, hashOfPair } from './hash.js';
import { priorOf } from './term-prior.js';

/** Weights of the kinds of features, beside 1 for terms. Chosen together on the retrieval sets (benchmarks/retrieval-quality.ts). */
const weights = {
  /** Four letters in a row of a word: bridges typos and endings. */
  letters: 0.4,
  /** Two telling words in a row. */
  wordPair: 1,
  /** Two ideographs in a row, also across words: bridges different segmentation. */
  characterPair: 0.8,
  character: 0.3,
};

const seeds = { term: 1, letters: 2, characterPair: 3, character: 4 };

const han = /^\p{Script=Han}/u;
const hanRun = /\p{Script=Han}+/gu;
const lettersLength = 4;
/** Words farther apart (stop words between them left out) are no pair; in positions. */
const pairDistance = 4;

/** Number of occurrences and weight of each feature, by its hash. */
export class Features {
  private readonly counts = new Map<number, number>();
  private readonly weightOf = new Map<number, number>();

  get empty(): boolean {
    return this.counts.size === 0;
  }

  add(hash: number, weight: number): void {
    if (weight <= 0) return;
    const count = this.counts.get(hash) ?? 0;
    this.counts.set(hash, count + 1);
    if (count === 0) this.weightOf.set(hash, weight);
  }

  /** Adds every feature to its place of the vector, with a sign of its own so that collisions cancel out; repetition counts by its logarithm. */
  addTo(vector: Float32Array): void {
    for (const [hash, count] of this.counts) {
      const value = (this.weightOf.get(hash) ?? 0) * (1 + Math.log(count));
      const place = hash % vector.length;
      vector[place] = (vector[place] ?? 0) + (hash >>> 31 ? value : -value);
    }
  }
}

/** Features of a text and its tokens (of `analyze`). */
export function featuresOf(tokens: readonly Token[], text: string): Features {
  const features = new Features();
  addTerms(tokens, features);
  addCharacters(normalise(text).text, features);
  if (features.empty) {
    // Nothing but stop words: better found by them than by nothing.
    for (const { term } of tokens) features.add(hashOf(term, seeds.term), 1);
  }
  return features;
}

function addTerms(tokens: readonly Token[], features: Features): void {
  let previous: { hash: number; prior: number; position: number } | undefined;
  for (const { term, position } of tokens) {
    const prior = priorOf(term);
    if (prior === 0) continue;
    const hash = hashOf(term, seeds.term);
    features.add(hash, prior);
    if (!han.test(term)) addLetters(term, prior, features);
    if (previous && position > previous.position && position - previous.position <= pairDistance) {
      features.add(hashOfPair(previous.hash, hash), (weights.wordPair * (previous.prior + prior)) / 2);
    }
    previous = { hash, prior, position };
  }
}

function addLetters(term: string, prior: number, features: Features): void {
  if (term.length <= lettersLength) return;
  for (let at = 0; at + lettersLength <= term.length; at++) {
    features.add(hashOf(term.slice(at, at + lettersLength), seeds.letters), weights.letters * prior);
  }
}

function addCharacters(text: string, features: Features): void {
  for (const [run] of text.matchAll(hanRun)) {
    let previous = '';
    for (const character of run) {
      const telling = stopTerms.has(character) ? '' : character;
      if (telling) features.add(hashOf(telling, seeds.character), weights.character);
      if (telling && previous) features.add(hashOf(previous + telling, seeds.characterPair), weights.characterPair);
      previous = telling;
    }
  }
}
