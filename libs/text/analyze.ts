import { CharacterClass, classOf } from './characters.js';
import { type Normalised, normalise } from './normalise.js';
import { type Run, runsOf } from './runs.js';
import { dictionaryVersion, segment } from './segmenter.js';
import { stopTerms } from './stop-words.js';
import { termsOfWord } from './words.js';

/** One searchable term and where it came from. */
export interface Token {
  /** Normalised form: what index and query compare. */
  term: string;
  /** Range in the given text, in UTF-16 units. */
  start: number;
  end: number;
  /**
   * Place in the text, counted in Chinese characters and in words of other scripts. Overlapping terms (数据库, 数据, 据库) stand where their
   * first character stands, so the distance between two terms is the same in a document and in a phrase asked for.
   */
  position: number;
}

/** Chinese handed to the segmenter at once, in UTF-16 units. */
const segmenterBatch = 1 << 15;

/** Marks where words end (1) in the Chinese runs of `text`; one call of the segmenter for many runs. */
function wordEnds(text: string, runs: readonly Run[]): Uint8Array {
  const ends = new Uint8Array(text.length + 1);
  let batch: Run[] = [];
  let size = 0;
  const flush = (): void => {
    if (batch.length > 0) markWordEnds(text, batch, ends);
    batch = [];
    size = 0;
  };
  for (const run of runs) {
    if (run.kind !== 'han') continue;
    if (run.end - run.start < 3) {
      ends[run.end] = 1;
      continue;
    }
    batch.push(run);
    size += run.end - run.start + 1;
    if (size >= segmenterBatch) flush();
  }
  flush();
  return ends;
}

function markWordEnds(text: string, batch: readonly Run[], ends: Uint8Array): void {
  const words = segment(batch.map((run) => text.slice(run.start, run.end)).join('\n'));
  let index = 0;
  let run = batch[0];
  let at = run?.start ?? 0;
  for (const word of words) {
    if (word === '\n') {
      run = batch[++index];
      at = run?.start ?? at;
      continue;
    }
    at += word.length;
    ends[at] = 1;
  }
}

type Emit = (term: string, start: number, end: number, position: number) => void;

/**
 * Words of one Chinese run, and the pairs of neighbouring characters inside those of three and more (中央银行: 中央, 央行, 银行), so that a
 * part finds the whole. Pairs across words are left out: they double the vocabulary, and measured on the retrieval sets they add nothing.
 */
function emitHan(text: string, run: Run, ends: Uint8Array, position: number, emit: Emit): number {
  let place = position;
  for (let start = run.start; start < run.end; ) {
    let end = start + 1;
    while (end < run.end && !ends[end]) end++;
    emit(text.slice(start, end), start, end, place);
    for (let at = start; at < end; place++) {
      const next = nextCharacter(text, at);
      const pairEnd = next < end ? nextCharacter(text, next) : end;
      if (next < end && !(at === start && pairEnd === end)) emit(text.slice(at, pairEnd), at, pairEnd, place);
      at = next;
    }
    start = end;
  }
  return place;
}

/** Pairs of neighbouring characters; a single one stands alone. */
function emitPairs(text: string, run: Run, position: number, emit: Emit): number {
  let place = position;
  for (let at = run.start; at < run.end; place++) {
    const next = nextCharacter(text, at);
    const end = next < run.end ? nextCharacter(text, next) : next;
    if (next < run.end || at === run.start) emit(text.slice(at, end), at, end, place);
    at = next;
  }
  return place;
}

function nextCharacter(text: string, at: number): number {
  return classOf(text.charCodeAt(at + 1)) === CharacterClass.low ? at + 2 : at + 1;
}

function tokensOf({ text, starts, ends }: Normalised): Token[] {
  const tokens: Token[] = [];
  const emit: Emit = (term, start, end, position) => {
    tokens.push(
      starts && ends
        ? { term, start: starts[start] ?? 0, end: ends[end - 1] ?? 0, position }
        : { term, start, end, position },
    );
  };
  const runs = runsOf(text);
  const marks = wordEnds(text, runs);
  let position = 0;
  for (const run of runs) {
    if (run.kind === 'han') position = emitHan(text, run, marks, position, emit);
    else if (run.kind === 'unspaced') position = emitPairs(text, run, position, emit);
    else {
      const first = position;
      position += termsOfWord(text.slice(run.start, run.end), run.start, (term, start, end, part) => emit(term, start, end, first + part));
    }
  }
  return tokens;
}

/** A search analyses its question in several places. Longer texts are documents: nobody asks for them twice. */
const rememberedLength = 500;
let remembered: { text: string; version: number; tokens: readonly Token[] } = { text: '', version: 0, tokens: [] };

/**
 * Analysis for the index: every term of a Chinese, English or mixed text, in order of `position`. Stop words are kept (phrases need
 * them; queries leave them out). Linear in the length; loads the Chinese dictionary on first use of Chinese text.
 */
export function analyze(text: string): readonly Token[] {
  if (text.length > rememberedLength) return tokensOf(normalise(text));
  if (remembered.text !== text || remembered.version !== dictionaryVersion) remembered = { text, version: dictionaryVersion, tokens: tokensOf(normalise(text)) };
  return remembered.tokens;
}

/** Analysis for a query: as for the index without stop words, unless nothing else is left. */
export function analyzeQuery(text: string): readonly Token[] {
  const tokens = analyze(text);
  const telling = tokens.filter((token) => !stopTerms.has(token.term));
  return telling.length > 0 ? telling : tokens;
}

/** How often each term occurs. */
export function termFrequencies(tokens: readonly Token[]): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const { term } of tokens) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  return frequencies;
}
