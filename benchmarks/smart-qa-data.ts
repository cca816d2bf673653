import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, analyzeQuery } from '#libs/text';
import type { Idf, Passage } from '#libs/answering';

/** Questions with the paragraph that answers them; `group` keeps questions on one subject in the same half. */
export interface Question {
  text: string;
  golds: string[];
  paragraph: number;
  group: number;
}

export interface QuestionSet {
  name: string;
  paragraphs: string[];
  questions: Question[];
}

interface SquadFile {
  data: { paragraphs: { context: string; qas: { question: string; answers: { text: string }[] }[] }[] }[];
}

export const dataFolder = process.env['AI_STACK_DATA'] ?? join(process.cwd(), '../shared/data');

export function squad(name: string, file: string): QuestionSet {
  const { data } = JSON.parse(readFileSync(join(dataFolder, file), 'utf8')) as SquadFile;
  const set: QuestionSet = { name, paragraphs: [], questions: [] };
  data.forEach(({ paragraphs }, group) => {
    for (const { context, qas } of paragraphs) {
      for (const { question, answers } of qas) {
        set.questions.push({ text: question, golds: answers.map(({ text }) => text), paragraph: set.paragraphs.length, group });
      }
      set.paragraphs.push(context);
    }
  });
  return set;
}

/** Passages of the HotpotQA sample. */
export function hipporagPassages(): string[] {
  const corpus = JSON.parse(readFileSync(join(dataFolder, 'hipporag/hotpotqa_train_corpus.json'), 'utf8')) as Record<string, string[]>;
  return Object.entries(corpus).map(([title, sentences]) => `${title}\n${sentences.join('')}`);
}

/** Information needs of the CACM collection, as TREC topics. */
export function cacmTopics(): string[] {
  const topics = readFileSync(join(dataFolder, 'cacm/topics.cacm.txt'), 'utf8');
  return [...topics.matchAll(/<\/DOCNO>\s*([\s\S]*?)<\/DOC>/g)].map((match) => match[1]!.trim().replace(/\s+/g, ' '));
}

export const isDataThere = (): boolean => existsSync(join(dataFolder, 'cmrc2018'));

export interface Index {
  idf: Idf;
  search(query: string, limit: number, without?: number): Passage[];
}

/** Plain exact BM25 (k1 1.2, b 0.75) over the analysed terms: retrieval as simple as it gets, so that the figures speak of the answering. */
export function bm25(documents: readonly string[]): Index {
  const postings = new Map<string, Map<number, number>>();
  const lengths = documents.map((text, id) => {
    const tokens = analyze(text);
    for (const { term } of tokens) {
      const list = postings.get(term) ?? new Map<number, number>();
      if (list.size === 0) postings.set(term, list);
      list.set(id, (list.get(id) ?? 0) + 1);
    }
    return tokens.length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const idf: Idf = (term) => {
    const df = postings.get(term)?.size ?? 0;
    return Math.log(1 + (documents.length - df + 0.5) / (df + 0.5));
  };
  const search = (query: string, limit: number, without?: number): Passage[] => {
    const scores = new Map<number, number>();
    for (const term of new Set(analyzeQuery(query).map((token) => token.term))) {
      for (const [id, tf] of postings.get(term) ?? []) {
        const norm = 1.2 * (0.25 + (0.75 * lengths[id]!) / average);
        scores.set(id, (scores.get(id) ?? 0) + (idf(term) * tf * 2.2) / (tf + norm));
      }
    }
    if (without !== undefined) scores.delete(without);
    const best = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, limit);
    return best.map(([id, score], at) => ({ id, text: documents[id]!, score, keywordScore: score, rank: at + 1 }));
  };
  return { idf, search };
}

/** Half of the questions for fitting, half for the report; neighbours on one subject stay together. */
export const isTuned = ({ group }: Question): boolean => group % 2 === 0;

/** Text without spaces, in one width and case, as gold answers are compared. */
export const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
