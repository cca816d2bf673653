import { existsSync } from 'node:fs';
import { dataFolder, retrievalSets } from '../retrieval-data.js';

/** Sentences of one passage; its neighbours in the list are in the same language. */
type Passage = string[];

/** Pseudo-random numbers in [0, 1) that are the same at every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sentencesOf = (content: string): Passage => content.match(/[^。！？.!?\n]+[。！？.!?\n]*\s*/g)?.filter((sentence) => sentence.trim().length > 8) ?? [];

/**
 * As many documents as wanted out of the sentences of the shared retrieval sets, half of them Chinese: each stays with a few passages, so that
 * it has a subject. Words keep their natural frequencies; only the vocabulary does not grow with the number of documents.
 */
export class Corpus {
  private readonly languages: Passage[][];
  /** Real questions, each once, in a fixed random order. */
  readonly questions: string[];

  constructor() {
    const sets = retrievalSets.map((load) => load());
    const passages = (names: RegExp): Passage[] =>
      sets.filter(({ name }) => names.test(name)).flatMap(({ documents }) => documents.map(({ content }) => sentencesOf(content)).filter(({ length }) => length > 1));
    this.languages = [passages(/cmrc|drcd/), passages(/xquad|cacm|hipporag/)];
    const random = randomFrom(7);
    const all = new Set(sets.flatMap(({ queries }) => queries.map(({ text }) => text)).map((text) => text.trim()).filter(({ length }) => length > 1 && length < 300));
    this.questions = [...all].map((text) => ({ text, place: random() })).sort((a, b) => a.place - b.place).map(({ text }) => text);
  }

  /** @param tokens about how many tokens long: a Chinese character, or four letters, is about one */
  document(number: number, tokens: number): { title: string; text: string } {
    const random = randomFrom(number + 1);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const passages = this.languages[number % this.languages.length] ?? [];
    const chinese = number % this.languages.length === 0;
    const paragraphs: string[] = [];
    for (let left = chinese ? tokens : tokens * 4; left > 0; ) {
      const [subject, other] = [pick(passages), pick(passages)];
      const sentences = Array.from({ length: 6 }, () => (random() < 0.7 ? pick(subject) : pick(other)));
      const paragraph = sentences.join(chinese ? '' : ' ').replace(/\s+/g, ' ');
      paragraphs.push(paragraph);
      left -= paragraph.length;
    }
    return { title: `${chinese ? '文档' : 'Document'} ${number}`, text: paragraphs.join('\n\n') };
  }
}

/** Says visibly when there is nothing to measure with. */
export function openCorpus(): Corpus | undefined {
  if (existsSync(dataFolder)) return new Corpus();
  console.log(`SKIPPED: no data at ${dataFolder} (set AI_STACK_DATA)`);
  return undefined;
}
