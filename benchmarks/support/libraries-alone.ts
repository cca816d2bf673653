/**
 * A child process that answers the same questions with the same libraries in a loop: no HTTP, no tenant, no cache, no framework. It works on the
 * stopped server's data folder: its index files, and its embedded database for the second figure.
 */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { LexicalEmbedding } from '#libs/embedding';
import { IndexReplica } from '#libs/index-replica';
import { lexicalVectorWeight } from '#libs/ranking';
import { analyzeQuery, highlight } from '#libs/text';
import { locateDatabase } from '../../src/platform/database/locate-database.js';
import { percentile } from './table.js';

export interface AloneRequest {
  folder: string;
  questions: string[];
}

export interface AloneLoop {
  perSecond: number;
  p50: number;
  p95: number;
  /** Processor time of one. */
  cpuMs: number;
}

export interface AloneFigures {
  /** Analysis, embedding, BM25, nearest vectors, fusion: what the index libraries cost. */
  ranking: AloneLoop;
  /** … and the passages read with one prepared statement of `pg`, highlighted, as JSON text. */
  answer: AloneLoop;
}

const topK = 10;

async function timed(questions: readonly string[], work: (question: string) => Promise<unknown>): Promise<AloneLoop> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const begin = performance.now();
  for (const question of questions) {
    const start = performance.now();
    await work(question);
    times.push(performance.now() - start);
  }
  const took = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (questions.length * 1000) / took, cpuMs: (user + system) / 1000 / questions.length, p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

async function measure({ folder, questions }: AloneRequest): Promise<AloneFigures> {
  const embedding = new LexicalEmbedding();
  const space = `${embedding.model}@${embedding.version}/${embedding.dimensions}`;
  const root = join(folder, 'processes', '0', 'index');
  const [schema] = readdirSync(root).filter((name) => name.startsWith('tenant_'));
  if (!schema) throw new Error(`no index in ${root}`);
  // One folder an embedding, and this server has had one.
  const [folderOfSpace = ''] = readdirSync(join(root, schema));
  const replica = await IndexReplica.open({ directory: join(root, schema, folderOfSpace), dimensions: embedding.dimensions, vectorSpace: space, autoCompact: false });
  if (replica.stats().chunks === 0) throw new Error(`no chunks in ${root}`);
  const database = await locateDatabase({ dataDirectory: folder });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const rank = async (question: string) => {
    const terms = analyzeQuery(question).map(({ term }) => term);
    const [vector = new Float32Array()] = embedding.embed([question]);
    return { terms, hits: await replica.search({ terms, vector, vectorWeight: lexicalVectorWeight, limit: topK }) };
  };
  const answer = async (question: string): Promise<string> => {
    const { terms, hits } = await rank(question);
    const text = `SELECT ch.key, ch.id, d.id AS document, d.title, ch.text, ch.page, ch.start_offset, ch.end_offset, d.metadata
                  FROM ${schema}.chunks ch JOIN ${schema}.documents d ON d.id = ch.document_id WHERE ch.key = ANY($1::bigint[])`;
    const { rows } = await client.query<{ text: string }>({ name: 'chunks', text, values: [hits.map(({ key }) => key)] });
    const sought = new Set(terms);
    return JSON.stringify(rows.map((row) => ({ ...row, highlights: highlight(row.text, sought) })));
  };
  try {
    // Compiled by then, as the server is.
    for (const question of questions) await answer(question);
    return { ranking: await timed(questions, rank), answer: await timed(questions, answer) };
  } finally {
    await client.end();
    await replica.close();
    await database.release();
  }
}

const [request] = (await once(process, 'message')) as [AloneRequest];
process.send?.(await measure(request));
process.disconnect();
