/**
 * The server as it ships, over 1,000, 10,000 and (with --large) 100,000 chunks: requests a second, latencies, memory, start time, beside
 * bare Fastify and beside the same libraries called in a loop. `--chunks=<n>` measures one size; `--data=<folder>` keeps what was loaded in it, so that the next run need not load it again.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Corpus, openCorpus } from './support/corpus.js';
import { asFastAsPossible, atConstantRate, searchPaths, type LoadResult } from './support/load.js';
import { isLarge, isQuick, option } from './support/options.js';
import { makeDataFolder, removeDataFolder, startServer, type BenchServer, type Memory } from './support/server.js';
import { figure, median, printTable } from './support/table.js';
import type { AloneFigures, AloneRequest } from './support/libraries-alone.js';

/** Longer than one chunk: a document has about ten. */
const tokensOfDocument = 2_500;
const loadersAtOnce = 4;
/** Different ones; few enough that their answers stay in the cache. */
const repeatedQuestions = 300;
const seconds = isQuick ? 2 : 15;
const steadyRate = 100;

/** With the processor time of the API process (all threads) a request, and the time its main thread waited for a core. */
type Counted = LoadResult & { cpuMs: number; waitedMs: number };

interface Loaded {
  firstStartMs: number;
  afterLoading: Memory;
  loadedPerSecond: number;
}

interface Figures extends Loaded {
  chunks: number;
  secondStartMs: number;
  afterStart: Memory;
  afterSearches: Memory;
  steady: Counted;
  uncached: Counted;
  cached: Counted;
  fastify: LoadResult;
  alone: AloneFigures;
}

interface Stats {
  chunks: number;
  index: { state: 'ready' | 'compacting' };
}

async function main(): Promise<void> {
  const corpus = openCorpus();
  if (!corpus) return;
  const wanted = option('chunks');
  const sizes = wanted ? [Number(wanted)] : isQuick ? [1_000] : isLarge ? [1_000, 10_000, 100_000] : [1_000, 10_000];
  const columns: Figures[] = [];
  for (const chunks of sizes) columns.push(await measureSize(corpus, chunks));
  report(columns);
}

async function measureSize(corpus: Corpus, chunks: number): Promise<Figures> {
  const kept = option('data');
  const folder = kept === undefined ? makeDataFolder() : join(kept, String(chunks));
  mkdirSync(folder, { recursive: true });
  try {
    const record = join(folder, 'loaded.json');
    if (!existsSync(record)) writeFileSync(record, JSON.stringify(await load(corpus, folder, chunks)));
    const loaded = JSON.parse(readFileSync(record, 'utf8')) as Loaded;
    return { ...loaded, ...(await serve(corpus, folder)) };
  } finally {
    if (!kept) removeDataFolder(folder);
  }
}

/** Through the front door, several documents at a time. */
async function load(corpus: Corpus, folder: string, chunks: number): Promise<Loaded> {
  const server = await startServer(folder, { env: { INGEST_CONCURRENCY: '2' } });
  try {
    let [next, made] = [0, 0];
    const begin = performance.now();
    const loader = async (): Promise<void> => {
      while (made < chunks) {
        const { chunk_count: added } = await server.post<{ chunk_count: number }>('/rag/ingest', corpus.document(next++, tokensOfDocument));
        made += added;
      }
    };
    await Promise.all(Array.from({ length: loadersAtOnce }, loader));
    const loadedPerSecond = (made * 1000) / (performance.now() - begin);
    await settled(server);
    const afterLoading = server.memory();
    return { firstStartMs: server.startedInMs, afterLoading, loadedPerSecond };
  } finally {
    await server.stop();
  }
}

/** Waits until the index has been written out and no work goes on behind the requests. */
async function settled(server: BenchServer): Promise<void> {
  await sleep(isQuick ? 500 : 3_000);
  for (let tries = 0; tries < 300; tries++) {
    if ((await server.get<Stats>('/rag/stats')).index.state === 'ready') return;
    await sleep(1_000);
  }
}

async function serve(corpus: Corpus, folder: string): Promise<Omit<Figures, keyof Loaded>> {
  const starts: number[] = [];
  for (let run = 0; run < (isQuick ? 0 : 2); run++) {
    const again = await startServer(folder);
    starts.push(again.startedInMs);
    await again.stop();
  }
  const server = await startServer(folder);
  starts.push(server.startedInMs);
  try {
    const target = { url: server.url, key: server.ownerKey };
    const afterStart = server.memory();
    // Each question once in all of this, or it would be answered from the cache.
    const questions = [...corpus.questions];
    const take = (count: number): string[] => questions.splice(0, count);
    await atConstantRate(target, take(isQuick ? 50 : 300), 50);
    const counted = async (run: () => Promise<LoadResult>): Promise<Counted> => {
      const [cpu, waited] = [server.cpuMs(), server.waitedMs()];
      const result = await run();
      if (result.failed > 0) console.log(`failed: ${result.why}`);
      return { ...result, cpuMs: (server.cpuMs() - cpu) / result.requests, waitedMs: (server.waitedMs() - waited) / result.requests };
    };
    const steady = await counted(() => atConstantRate(target, take(steadyRate * seconds), steadyRate));
    // Compiled by then, as a server is that has run for a minute: other answers to the same questions, so that none is remembered.
    const warmUp = questions.slice(0, isQuick ? 200 : 3_000);
    await asFastAsPossible(target, searchPaths(warmUp).map((path) => `${path}&top_k=9`), { once: true });
    const uncached = await counted(() => asFastAsPossible(target, searchPaths(take(isQuick ? 200 : 2_000)), { once: true }));
    const repeated = searchPaths(take(repeatedQuestions));
    await asFastAsPossible(target, repeated, { once: true });
    const cached = await counted(() => asFastAsPossible(target, repeated, { seconds }));
    const afterSearches = server.memory();
    const { chunks } = await server.get<Stats>('/rag/stats');
    const answer = JSON.stringify(await server.get(repeated[0] ?? ''));
    await server.stop();
    const { fastify, alone } = await beside(folder, take(isQuick ? 100 : 1_000), answer);
    return { chunks, secondStartMs: median(starts), afterStart, afterSearches, steady, uncached, cached, fastify, alone };
  } finally {
    await server.stop();
  }
}

/** The same answers without the product: Fastify alone, and the libraries alone. */
async function beside(folder: string, questions: string[], answer: string): Promise<Pick<Figures, 'fastify' | 'alone'>> {
  const web = child('bare-fastify');
  web.send(answer);
  const [url] = (await once(web, 'message')) as [string];
  const fastify = await asFastAsPossible({ url, key: 'none' }, ['/'], { seconds: isQuick ? 1 : 5 });
  web.disconnect();
  const libraries = child('libraries-alone');
  const ended = once(libraries, 'exit');
  libraries.send({ folder, questions } satisfies AloneRequest);
  const [alone] = (await Promise.race([once(libraries, 'message'), ended.then(() => [])])) as [AloneFigures?];
  if (!alone) throw new Error('The libraries alone gave no figures');
  await ended;
  return { fastify, alone };
}

const child = (name: string): ChildProcess => fork(fileURLToPath(new URL(`./support/${name}.js`, import.meta.url)));

type Line = [name: string, of: (figures: Figures) => number | number[]];

const searching: Line[] = [
  ['**uncached**, hybrid, as fast as possible: requests/s', ({ uncached }) => uncached.perSecond],
  ['uncached, 8 connections: p95, ms', ({ uncached }) => uncached.p95],
  [`**uncached at ${steadyRate} requests/s**: p50, ms`, ({ steady }) => steady.p50],
  [`uncached at ${steadyRate} requests/s: p95, ms (floor at 100k: < 20)`, ({ steady }) => steady.p95],
  [`uncached at ${steadyRate} requests/s: main thread ready but without a core (other processes), ms a request`, ({ steady }) => steady.waitedMs],
  ['**cached**: requests/s (floor at 100k: > 500)', ({ cached }) => cached.perSecond],
  ['cached: p50, ms', ({ cached }) => cached.p50],
  ['cached: p95, ms (floor: < 50)', ({ cached }) => cached.p95],
  ['CPU of the API process, uncached / cached, ms a request', ({ uncached, cached }) => [uncached.cpuMs, cached.cpuMs]],
  ['failed requests', ({ steady, uncached, cached }) => steady.failed + uncached.failed + cached.failed],
  ['libraries alone (ranking only), one at a time: searches/s', ({ alone }) => alone.ranking.perSecond],
  ['libraries alone: p50, ms', ({ alone }) => alone.ranking.p50],
  ['CPU of the libraries alone, ms a search', ({ alone }) => alone.ranking.cpuMs],
  ['libraries alone with `pg`, highlights and JSON: searches/s', ({ alone }) => alone.answer.perSecond],
  ['bare Fastify, the same body ready-made: requests/s', ({ fastify }) => fastify.perSecond],
  ['**uncached / libraries alone** (floor: ≥ 0.5)', ({ uncached, alone }) => uncached.perSecond / alone.ranking.perSecond],
  ['the same by processor time: libraries alone / API process', ({ uncached, alone }) => alone.ranking.cpuMs / uncached.cpuMs],
  ['uncached / libraries with `pg`, highlights and JSON', ({ uncached, alone }) => uncached.perSecond / alone.answer.perSecond],
  ['cached / bare Fastify', ({ cached, fastify }) => cached.perSecond / fastify.perSecond],
];

const holding: Line[] = [
  ['own memory of the API process after loading everything, MB', ({ afterLoading }) => afterLoading.own],
  ['own memory after a restart, before the first search, MB', ({ afterStart }) => afterStart.own],
  ['**own memory after all searches, MB** (floor: < 200 at 10k, < 350 at 100k)', ({ afterSearches }) => afterSearches.own],
  ['mapped files then resident beside it, MB', ({ afterSearches }) => afterSearches.mapped],
  ['first start, new data folder, s', ({ firstStartMs }) => firstStartMs / 1000],
  ['**second start, s** (floor: ≤ 3)', ({ secondStartMs }) => secondStartMs / 1000],
  ['loaded, chunks/s (two parsing processes)', ({ loadedPerSecond }) => loadedPerSecond],
];

function report(columns: Figures[]): void {
  const sizes = columns.map(({ chunks }) => `${chunks.toLocaleString('en')} chunks`);
  for (const lines of [searching, holding]) {
    printTable(['', ...sizes], lines.map(([name, of]) => [name, ...columns.map((figures) => [of(figures)].flat().map(figure).join(' / '))]));
  }
}

await main();
