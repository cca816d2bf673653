import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const dataFolder = process.env['AI_STACK_DATA'] ?? join(process.cwd(), '../shared/data');

export interface RetrievalSet {
  name: string;
  documents: { title?: string; content: string }[];
  /** Each query with the indexes of its relevant documents. */
  queries: { text: string; relevant: ReadonlySet<number> }[];
}

const text = (path: string, encoding: BufferEncoding = 'utf8'): string => readFileSync(join(dataFolder, path), encoding);

interface Squad {
  data: { title?: string; paragraphs: { context: string; qas: { question: string }[] }[] }[];
}

/** Each paragraph is a document with its article's title; it is the one relevant document of its questions. */
function squad(name: string, path: string): RetrievalSet {
  const set: RetrievalSet = { name, documents: [], queries: [] };
  for (const { title, paragraphs } of (JSON.parse(text(path)) as Squad).data) {
    for (const { context, qas } of paragraphs) {
      const relevant = new Set([set.documents.length]);
      set.documents.push({ title: title?.replaceAll('_', ' '), content: context });
      for (const { question } of qas) set.queries.push({ text: question, relevant });
    }
  }
  return set;
}

/** Names and contents of the regular files of a tar archive. */
function* filesOfTar(archive: Buffer): Generator<[name: string, content: string]> {
  for (let at = 0; at + 512 <= archive.length; ) {
    const name = archive.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    if (!name) return;
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    yield [name, archive.toString('latin1', at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

/** Title, abstract, authors and keywords; the table of citation numbers at the end of each record is no text. */
function cacm(): RetrievalSet {
  const set: RetrievalSet = { name: 'cacm', documents: [], queries: [] };
  const numbers = new Map<string, number>();
  for (const [name, content] of filesOfTar(gunzipSync(readFileSync(join(dataFolder, 'cacm/cacm.tar.gz'))))) {
    if (!name.endsWith('.html')) continue;
    numbers.set(name.replace(/^.*\/|\.html$/g, ''), set.documents.length);
    const record = content.replace(/<\/?\w+>/g, '').trim();
    set.documents.push({ content: record.replace(/(?:\n\d+\t\d+\t\d+)+\s*$/, '') });
  }
  const relevant = new Map<string, Set<number>>();
  for (const line of text('cacm/qrels.cacm.txt').trim().split('\n')) {
    const [topic, , document, grade] = line.trim().split(/\s+/);
    const number = numbers.get(document ?? '');
    if (!topic || number === undefined || Number(grade) < 1) continue;
    relevant.set(topic, (relevant.get(topic) ?? new Set()).add(number));
  }
  for (const [, topic, query] of text('cacm/topics.cacm.txt', 'latin1').matchAll(/<DOCNO>\s*(\d+)\s*<\/DOCNO>([\s\S]*?)<\/DOC>/g)) {
    const documents = relevant.get(topic ?? '');
    if (documents && query) set.queries.push({ text: query.trim(), relevant: documents });
  }
  return set;
}

/** Questions that need two passages each. */
function hipporag(): RetrievalSet {
  const corpus = Object.entries(JSON.parse(text('hipporag/hotpotqa_train_corpus.json')) as Record<string, string[]>);
  const numbers = new Map(corpus.map(([title], index) => [title, index]));
  const questions = JSON.parse(text('hipporag/hotpotqa_train.json')) as { question: string; supporting_facts: [string, number][] }[];
  return {
    name: 'hipporag',
    documents: corpus.map(([title, sentences]) => ({ title, content: sentences.join('') })),
    queries: questions.map(({ question, supporting_facts: facts }) => ({ text: question, relevant: new Set(facts.flatMap(([title]) => numbers.get(title) ?? [])) })),
  };
}

/** The shared retrieval sets, one at a time. */
export const retrievalSets: readonly (() => RetrievalSet)[] = [
  () => squad('cmrc2018 trial', 'cmrc2018/cmrc2018_trial.json'),
  () => squad('drcd dev', 'drcd/DRCD_dev.json'),
  () => squad('xquad en', 'xquad/xquad.en.json'),
  cacm,
  hipporag,
];
