/**
 * Index replica by number of chunks: building, searching, memory, beside the bare libraries in the same run.
 *
 *   node dist/benchmarks/index-replica.js            1,000 and 10,000 chunks
 *   node dist/benchmarks/index-replica.js --large    100,000 as well (a few minutes)
 *
 * Every phase runs in a process of its own, so that its memory is its own.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import usearch from 'usearch';
import { IndexReplica } from '#libs/index-replica';
import { quantise } from '#libs/vector-index';
import { TurnMeter } from '../libs/index-replica/testing/turn-meter.js';
import { SyntheticDocuments } from '../libs/index-replica/testing/synthetic-documents.js';
import { isLarge, isQuick } from './support/options.js';

const DIMENSIONS = 512;
const CHUNKS_PER_DOCUMENT = 10;
const QUESTIONS = 300;

type Figures = Record<string, number>;
type Phase = 'build' | 'search' | 'update' | 'plain';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function documents(chunks: number): SyntheticDocuments {
  return new SyntheticDocuments({
    seed: 42,
    dimensions: DIMENSIONS,
    vocabulary: Math.min(500_000, chunks * 20),
    chunkLength: 100,
    clusters: 300,
    collections: 10,
  });
}

/** Resident memory of this process in MB: its own, and mapped files. */
function memory(): { own: number; mapped: number } {
  const status = readFileSync('/proc/self/status', 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { own: kilobytes('RssAnon') / 1024, mapped: kilobytes('RssFile') / 1024 };
}

async function settledMemory(): Promise<{ own: number; mapped: number }> {
  for (let i = 0; i < 4; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return memory();
}

/** Watches the turns of the event loop and the peak of own memory while something runs. */
async function watched(run: () => Promise<void>): Promise<{ seconds: number; peak: number; turn: number }> {
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, memory().own)), 50);
  const turns = new TurnMeter().start();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(sampler);
  return { seconds, peak, turn: turns.stop() };
}

/** Median and 95th percentile of the processor time in milliseconds: comparable on a machine that others use too. */
async function percentiles(name: string, run: (i: number) => unknown): Promise<Figures> {
  const times: number[] = [];
  for (let i = 0; i < QUESTIONS; i++) {
    const start = process.cpuUsage();
    await run(i);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return { [`${name} p50`]: times[QUESTIONS / 2] ?? 0, [`${name} p95`]: times[Math.floor(QUESTIONS * 0.95)] ?? 0 };
}

function open(directory: string): Promise<IndexReplica> {
  return IndexReplica.open({ directory, dimensions: DIMENSIONS, vectorSpace: 'synthetic@1' });
}

async function build(directory: string, chunks: number): Promise<Figures> {
  const made = documents(chunks);
  const replica = await open(directory);
  let applying = 0;
  const loading = await watched(async () => {
    for (let document = 1; document <= chunks / CHUNKS_PER_DOCUMENT; document++) {
      const put = made.document(document, CHUNKS_PER_DOCUMENT);
      const start = performance.now();
      await replica.apply(document, { put });
      applying += performance.now() - start;
    }
  });
  const queries = Array.from({ length: QUESTIONS }, () => made.vector());
  const unfinished = await percentiles('vector while building', (i) => replica.searchVector(queries[i] as Float32Array, { limit: 10 }));
  const compacting = await watched(() => replica.compact());
  await replica.close();
  return {
    'apply µs a chunk': (applying * 1000) / chunks,
    'compact s': compacting.seconds,
    'longest turn compacting, CPU': compacting.turn,
    'peak own MB loading': loading.peak,
    'peak own MB compacting': compacting.peak,
    ...unfinished,
  };
}

async function search(directory: string, chunks: number): Promise<Figures> {
  const made = documents(chunks);
  const vectors = Array.from({ length: QUESTIONS }, () => made.vector());
  const questions = Array.from({ length: QUESTIONS }, () => made.question(8));
  const before = await settledMemory();
  const start = performance.now();
  const replica = await open(directory);
  const opening = performance.now() - start;
  const few = new Set(Array.from({ length: Math.max(1, chunks / CHUNKS_PER_DOCUMENT / 100) }, (_, i) => 1 + i * 100));
  const vector = (i: number) => vectors[i] as Float32Array;
  await percentiles('warm', (i) => replica.searchVector(vector(i), { limit: 10 }));
  const times = {
    ...(await percentiles('keyword 8 terms', (i) => replica.searchKeyword(questions[i] as string[], { limit: 10 }))),
    ...(await percentiles('keyword in 1 of 10 collections', (i) => replica.searchKeyword(questions[i] as string[], { limit: 10, collections: [3] }))),
    ...(await percentiles('vector', (i) => replica.searchVector(vector(i), { limit: 10 }))),
    ...(await percentiles('vector, 50 hits', (i) => replica.searchVector(vector(i), { limit: 50 }))),
    ...(await percentiles('vector in 1 of 10 collections', (i) => replica.searchVector(vector(i), { limit: 10, collections: [3] }))),
    ...(await percentiles('vector in 1 % of documents', (i) => replica.searchVector(vector(i), { limit: 10, documents: few }))),
  };
  const after = await settledMemory();
  const { bytes } = replica.stats();
  await replica.close();
  return {
    'open ms': opening,
    'own MB': after.own - before.own,
    'arrays MB': bytes.heap / 1e6,
    'mapped MB': bytes.mapped / 1e6,
    ...times,
    ...(await percentiles('usearch alone', bareUsearch(directory, vectors))),
  };
}

/** The same graphs without anything around them: no filter, no documents, no fresh changes. */
function bareUsearch(directory: string, vectors: Float32Array[]): (i: number) => void {
  const graphs = readdirSync(directory).filter((name) => name.startsWith('graph-'));
  const opened = graphs.map((name) => {
    const index = new usearch.Index({
      dimensions: DIMENSIONS,
      metric: usearch.MetricKind.Cos,
      quantization: usearch.ScalarKind.I8,
      connectivity: 16,
      expansion_add: 128,
      expansion_search: 96,
      multi: false,
    });
    index.view(join(directory, name, 'graph.usearch'));
    return index;
  });
  const bytes = new Int8Array(DIMENSIONS);
  return (i) => {
    quantise(vectors[i] as Float32Array, bytes);
    for (const index of opened) index.search(vectors[i] as Float32Array, 10, 1);
  };
}

/** A tenth of the documents change in the opened index, then the work this causes. */
async function update(directory: string, chunks: number): Promise<Figures> {
  const made = documents(chunks + 1);
  const replica = await open(directory);
  const before = await settledMemory();
  const run = await watched(async () => {
    for (let i = 1; i <= chunks / CHUNKS_PER_DOCUMENT / 10; i++) {
      await replica.apply(chunks + i, { put: made.document(i * 10, CHUNKS_PER_DOCUMENT) });
    }
    await replica.compact();
  });
  const after = await settledMemory();
  await replica.close();
  return {
    'update 10 % s': run.seconds,
    'update longest turn, CPU': run.turn,
    'update peak own MB': run.peak - before.own,
    'update own MB after': after.own - before.own,
  };
}

/** BM25 over a Map of plain arrays: what one writes without an index library. */
async function plain(_directory: string, chunks: number): Promise<Figures> {
  const made = documents(chunks);
  const before = await settledMemory();
  const postings = new Map<string, { ordinals: number[]; counts: number[] }>();
  const lengths: number[] = [];
  for (let document = 1; document <= chunks / CHUNKS_PER_DOCUMENT; document++) {
    for (const chunk of made.document(document, CHUNKS_PER_DOCUMENT).chunks) {
      let length = 0;
      for (const [term, count] of chunk.terms) {
        const list = postings.get(term) ?? { ordinals: [], counts: [] };
        postings.set(term, list);
        list.ordinals.push(lengths.length);
        list.counts.push(count);
        length += count;
      }
      lengths.push(length);
    }
  }
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const questions = Array.from({ length: QUESTIONS }, () => made.question(8));
  const times = await percentiles('plain Map BM25', (i) => {
    const scores = new Map<number, number>();
    for (const term of questions[i] as string[]) {
      const list = postings.get(term);
      if (!list) continue;
      const idf = Math.log(1 + (lengths.length - list.ordinals.length + 0.5) / (list.ordinals.length + 0.5));
      list.ordinals.forEach((ordinal, at) => {
        const count = list.counts[at] as number;
        const norm = count + 1.2 * (0.25 + (0.75 * (lengths[ordinal] as number)) / average);
        scores.set(ordinal, (scores.get(ordinal) ?? 0) + (idf * count * 2.2) / norm);
      });
    }
    return [...scores].sort((a, b) => b[1] - a[1]).slice(0, 10);
  });
  const after = await settledMemory();
  return { ...times, 'plain Map BM25 MB': after.own - before.own };
}

const phases: Record<Phase, (directory: string, chunks: number) => Promise<Figures>> = { build, search, update, plain };

function runPhase(phase: Phase, directory: string, chunks: number): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [phase, directory, String(chunks)]);
    let figures: Figures | null = null;
    child.on('message', (message) => (figures = message as Figures));
    child.on('exit', (code) => (figures ? resolve(figures) : reject(new Error(`${phase} ended with ${code}`))));
  });
}

async function main(): Promise<void> {
  const sizes = isQuick ? [1_000] : isLarge ? [1_000, 10_000, 100_000] : [1_000, 10_000];
  const columns: Figures[] = [];
  for (const chunks of sizes) {
    const directory = mkdtempSync(join(tmpdir(), 'bench-replica-'));
    const figures: Figures = {};
    try {
      for (const phase of ['build', 'search', 'update', 'plain'] as const) {
        console.error(`${chunks} chunks: ${phase}`);
        Object.assign(figures, await runPhase(phase, directory, chunks));
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
    columns.push(figures);
  }
  console.log(`| ${DIMENSIONS} dimensions; ms of processor time unless said | ${sizes.map((size) => size.toLocaleString('en')).join(' | ')} |`);
  console.log(`|---${'|---'.repeat(sizes.length)}|`);
  for (const name of Object.keys(columns[0] ?? {})) {
    console.log(`| ${name} | ${columns.map((figures) => (figures[name] ?? 0).toPrecision(3)).join(' | ')} |`);
  }
}

const [phase, directory, chunks] = process.argv.slice(2);
if (phase !== undefined && phase in phases && directory !== undefined) {
  // A benchmark that was stopped must not leave a phase running.
  process.on('disconnect', () => process.exit(1));
  const figures = await phases[phase as Phase](directory, Number(chunks));
  process.send?.(figures, () => process.exit(0));
} else {
  await main();
}
