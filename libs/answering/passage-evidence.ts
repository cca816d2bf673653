import { analyze, type Token } from '#libs/text';
import type { Passage } from './answering.types.js';
import { type PassageSentence, type SentenceKind, sentencesOf } from './passage-sentences.js';
import type { AnalyzedQuestion } from './question.js';

/** A passage with what of the question stands in it and where. */
export interface ReadPassage {
  passage: Passage;
  sentences: PassageSentence[];
  /** The question's terms in the text, in its order. */
  tokens: Token[];
  /** Places in the question of the terms that title and headings hold. */
  headed: number[];
}

/** One sentence of a passage and the question's terms in it. */
export interface SentenceEvidence {
  kind: SentenceKind;
  /** Offsets into the passage's text. */
  start: number;
  end: number;
  /** Per question term: does the sentence hold it? */
  has: Uint8Array;
  /** Share of the question's weight that the sentence holds. */
  coverage: number;
  /** Weight of the question's neighbouring terms that stand close together here. */
  pairs: number;
  /** Share of the question's ideographs here, one that more sentences of the passage hold counting less. */
  characters: number;
}

export interface PassageEvidence {
  passage: Passage;
  sentences: SentenceEvidence[];
  /** Per question term: does the passage, its title or headings hold it? */
  has: Uint8Array;
  /** Per question term: in how many sentences of the passage? */
  sentenceCounts: Uint16Array;
  coverage: number;
  pairs: number;
}

/** Neighbouring words of the question are neighbours here too when they stand at most this much farther apart, in analysed positions. */
const SLACK = 2;

/** Finds the question's terms in the first `limit` UTF-16 units of the passage. */
export function readPassage(passage: Passage, question: AnalyzedQuestion, limit: number): ReadPassage {
  const text = passage.text.slice(0, limit);
  const sentences = sentencesOf(text);
  // What the limit cuts is no sentence.
  if (text.length < passage.text.length && sentences.length > 1) sentences.pop();
  const tokens: Token[] = [];
  for (const token of analyze(text)) if (question.index.has(token.term)) tokens.push(token);
  const headed = [passage.title, ...(passage.headings ?? [])].flatMap((heading) => analyze(heading ?? '').flatMap(({ term }) => question.index.get(term) ?? []));
  return { passage, sentences, tokens, headed };
}

/** What the passage says by its sentences of these kinds, as if nothing else stood in it. */
export function evidenceOf({ passage, sentences: all, tokens, headed }: ReadPassage, question: AnalyzedQuestion, kinds: readonly SentenceKind[]): PassageEvidence {
  const size = question.terms.length;
  const sentences = all.filter(({ kind }) => kinds.includes(kind)).map(({ kind, start, end }) => ({ kind, start, end, has: new Uint8Array(size), coverage: 0, pairs: 0, characters: 0 }));
  const evidence: PassageEvidence = { passage, sentences, has: new Uint8Array(size), sentenceCounts: new Uint16Array(size), coverage: 0, pairs: 0 };
  markTerms(evidence, tokens, question);
  nameRows(evidence);
  markCharacters(sentences, passage.text, question);
  for (const place of headed) evidence.has[place] = 1;
  for (const sentence of sentences) sentence.coverage = weightOf(sentence.has, question);
  evidence.coverage = weightOf(evidence.has, question);
  return evidence;
}

function markTerms(evidence: PassageEvidence, tokens: readonly Token[], question: AnalyzedQuestion): void {
  const positions = new Int32Array(question.terms.length).fill(-1000);
  const found = new Set<number>();
  const allFound = new Set<number>();
  let at = 0;
  for (const token of tokens) {
    const place = question.index.get(token.term)!;
    while (at < evidence.sentences.length && evidence.sentences[at]!.end <= token.start) {
      at++;
      found.clear();
    }
    const sentence = evidence.sentences[at];
    if (!sentence || token.start < sentence.start) continue;
    if (!sentence.has[place]) {
      sentence.has[place] = 1;
      evidence.sentenceCounts[place]!++;
    }
    evidence.has[place] = 1;
    positions[place] = token.position;
    for (const number of question.pairsOf[place]!) {
      const pair = question.pairs[number]!;
      if (Math.abs(positions[pair.first]! - positions[pair.second]!) > pair.distance + SLACK) continue;
      if (!found.has(number)) sentence.pairs += pair.weight;
      if (!allFound.has(number)) evidence.pairs += pair.weight;
      found.add(number);
      allFound.add(number);
    }
  }
}

/** What a column is called holds for each of its rows. */
function nameRows({ sentences, sentenceCounts }: PassageEvidence): void {
  let columns: SentenceEvidence | undefined;
  for (const sentence of sentences) {
    if (sentence.kind === 'columns') columns = sentence;
    else if (sentence.kind !== 'table') columns = undefined;
    columns?.has.forEach((held, place) => {
      if (!held || sentence.has[place]) return;
      sentence.has[place] = 1;
      sentenceCounts[place]!++;
    });
  }
}

function markCharacters(sentences: readonly SentenceEvidence[], text: string, { characters }: AnalyzedQuestion): void {
  const texts = sentences.map(({ start, end }) => text.slice(start, end));
  for (const character of characters) {
    const holding = sentences.filter((_, at) => texts[at]!.includes(character));
    for (const sentence of holding) sentence.characters += 1 / (holding.length * characters.length);
  }
}

function weightOf(has: Uint8Array, question: AnalyzedQuestion): number {
  let weight = 0;
  for (let place = 0; place < has.length; place++) if (has[place]) weight += question.terms[place]!.weight;
  return weight;
}
