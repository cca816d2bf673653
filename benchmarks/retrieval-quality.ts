import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type ChunkingSettings, blocksOfText, defaultChunking } from '#libs/chunking';
import { LexicalEmbedding } from '#libs/embedding';
import { fromTsvector, loadSpelling, prepareChunks } from '#libs/ingestion';
import { type Bm25, DEFAULT_BM25, KeywordTail, type PartView, searchKeywords } from '#libs/keyword-index';
import { type ScoredHit, fuse, lexicalVectorWeight } from '#libs/ranking';
import { analyzeQuery, termFrequencies } from '#libs/text';
import { type RetrievalSet, dataFolder, retrievalSets } from './retrieval-data.js';

/** As the product asks for them when ten hits are wanted, and enough for the whole ranking that MAP looks at. */
const candidates = { top: 50, all: 1000 };
const cut = 10;

interface ChunkIndex {
  view: PartView;
  vectors: Float32Array[];
}

/** The product's pipeline: chunks with their title and headings → terms and vectors. */
async function index({ documents }: RetrievalSet, chunking: ChunkingSettings): Promise<ChunkIndex> {
  const spell = await loadSpelling();
  const part = new KeywordTail();
  const documentOf: number[] = [];
  const vectors: Float32Array[] = [];
  for (const [number, { title, content }] of documents.entries()) {
    for (const { chunks } of prepareChunks({ content, blocks: blocksOfText(content, 'plain'), title, chunking, embed: true, spell })) {
      for (const { tokens, vector } of chunks) {
        part.addChunk(new Map(fromTsvector(tokens)));
        vectors.push(vector ?? new Float32Array());
        documentOf.push(number);
      }
    }
  }
  const view: PartView = {
    part,
    keys: Float64Array.from(documentOf.keys()),
    documentOf: Uint32Array.from(documentOf),
    documents: Float64Array.from(documents.keys()),
    accepted: new Uint8Array(documents.length).fill(1),
  };
  return { view, vectors };
}

function byKeyword({ view }: ChunkIndex, query: string, limit: number, bm25: Bm25): ScoredHit[] {
  const terms = termFrequencies(analyzeQuery(query));
  return searchKeywords([view], terms, limit, bm25).sorted();
}

/** Every vector compared: what an exact search would find. */
function byVector({ vectors }: ChunkIndex, query: Float32Array, limit: number): ScoredHit[] {
  const places = [...query.keys()].filter((at) => query[at] !== 0);
  const hits = vectors.map((vector, key) => ({ key, score: places.reduce((sum, at) => sum + (query[at] ?? 0) * (vector[at] ?? 0), 0) }));
  return hits.sort((a, b) => b.score - a.score || a.key - b.key).slice(0, limit);
}

/** As the product does with a lexical embedding: with enough keyword hits, only chunks of their documents are compared. */
function comparable({ view }: ChunkIndex, keyword: readonly ScoredHit[], vector: readonly ScoredHit[]): readonly ScoredHit[] {
  if (keyword.length < cut) return vector;
  const documents = new Set(keyword.map(({ key }) => view.documentOf[key]));
  return vector.filter(({ key }) => documents.has(view.documentOf[key]));
}

/** Documents in the order of their best chunk. */
const documentsOf = ({ view }: ChunkIndex, hits: readonly { key: number }[]): number[] => [...new Set(hits.map(({ key }) => view.documentOf[key] ?? -1))];

function ndcg(ranking: readonly number[], relevant: ReadonlySet<number>): number {
  const gain = (rank: number): number => 1 / Math.log2(rank + 2);
  const found = ranking.slice(0, cut).reduce((sum, id, rank) => sum + (relevant.has(id) ? gain(rank) : 0), 0);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(cut, relevant.size); rank++) ideal += gain(rank);
  return found / ideal;
}

const recall = (ranking: readonly number[], relevant: ReadonlySet<number>): number => ranking.slice(0, cut).filter((id) => relevant.has(id)).length / relevant.size;

function averagePrecision(ranking: readonly number[], relevant: ReadonlySet<number>): number {
  let found = 0;
  let sum = 0;
  ranking.forEach((id, rank) => {
    if (relevant.has(id)) sum += ++found / (rank + 1);
  });
  return sum / relevant.size;
}

export interface Quality {
  ndcg: number;
  recall: number;
  map: number;
}
export type Mode = 'keyword' | 'vector' | 'hybrid';

/** Mean quality of each way to search over all queries of a set. */
export async function measure(set: RetrievalSet, chunking: ChunkingSettings, bm25: Bm25 = DEFAULT_BM25): Promise<{ chunks: number; modes: Record<Mode, Quality> }> {
  const indexed = await index(set, chunking);
  const embedding = new LexicalEmbedding();
  const modes: Record<Mode, Quality> = { keyword: { ndcg: 0, recall: 0, map: 0 }, vector: { ndcg: 0, recall: 0, map: 0 }, hybrid: { ndcg: 0, recall: 0, map: 0 } };
  for (const { text, relevant } of set.queries) {
    const [query = new Float32Array()] = embedding.embed([text]);
    const keyword = byKeyword(indexed, text, candidates.all, bm25);
    const vector = byVector(indexed, query, indexed.vectors.length);
    const rankings = (limit: number): Record<Mode, number[]> => {
      const lists = { keyword: keyword.slice(0, limit), vector: vector.slice(0, limit) };
      const hybrid = fuse(lists.keyword, comparable(indexed, lists.keyword, vector).slice(0, limit), { vectorWeight: lexicalVectorWeight });
      return { keyword: documentsOf(indexed, lists.keyword), vector: documentsOf(indexed, lists.vector), hybrid: documentsOf(indexed, hybrid) };
    };
    const top = rankings(candidates.top);
    const all = rankings(candidates.all);
    for (const mode of ['keyword', 'vector', 'hybrid'] as const) {
      const share = 1 / set.queries.length;
      modes[mode].ndcg += share * ndcg(top[mode], relevant);
      modes[mode].recall += share * recall(top[mode], relevant);
      modes[mode].map += share * averagePrecision(all[mode], relevant);
    }
  }
  return { chunks: indexed.view.part.chunks, modes };
}

/** One Markdown table over all sets; passages whole and divided by the product's chunker. */
export async function retrievalQuality(print: (line: string) => void): Promise<void> {
  if (!existsSync(dataFolder)) {
    print(`skipped: no data at ${dataFolder} (set AI_STACK_DATA)`);
    return;
  }
  print(`BM25 k1 ${DEFAULT_BM25.k1}, b ${DEFAULT_BM25.b}; lexical embedding of ${new LexicalEmbedding().dimensions} dimensions, compared exactly; fusion with vector weight ${lexicalVectorWeight}.\n`);
  print('| set | documents / queries | chunks | mode | nDCG@10 | recall@10 | MAP |');
  print('|---|---|---|---|---|---|---|');
  const whole: ChunkingSettings = { maxTokens: 8192, overlapTokens: 0, minTokens: 8192 };
  for (const load of retrievalSets) {
    const set = load();
    for (const chunking of [whole, defaultChunking]) {
      const { chunks, modes } = await measure(set, chunking);
      for (const [mode, { ndcg: gain, recall: found, map }] of Object.entries(modes)) {
        const how = chunking === whole ? `${chunks} (whole)` : `${chunks}`;
        print(`| ${set.name} | ${set.documents.length} / ${set.queries.length} | ${how} | ${mode} | ${gain.toFixed(4)} | ${found.toFixed(4)} | ${map.toFixed(4)} |`);
      }
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await retrievalQuality((line) => console.log(line));
