import { LRUCache } from 'lru-cache';
import { CacheService } from '../src/modules/cache/cache.service.js';
import { asTenant, openLoneCache } from '../test/support/cache.js';
import { isQuick } from './support/options.js';
import { printTable } from './support/table.js';

/** Distinct keys, read in turn. */
const KEYS = 1_000;
const READS = 400_000;
/** The fastest of this many runs counts: the machine may be busy. */
const RUNS = isQuick ? 1 : 5;

/** About what a search answers: ten passages. */
function searchResult(of: number): object {
  const items = Array.from({ length: 10 }, (_, i) => ({
    chunk_id: `019aa4c5-8a52-7c3e-9f34-${of}-${i}`,
    title: `Document ${of}`,
    text: `A passage of some length, number ${i} of result ${of}. `.repeat(12),
    score: 1 / (i + 1),
    highlights: [{ start: 4, end: 11 }],
    metadata: { department: 'finance', year: 2026 },
  }));
  return { items, took_ms: 3, mode: 'hybrid' };
}

/** Nanoseconds of one call, the fastest of several runs. */
async function nanoseconds(run: () => void | Promise<void>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < RUNS; i++) {
    const started = performance.now();
    await run();
    best = Math.min(best, performance.now() - started);
  }
  return (best * 1e6) / READS;
}

async function hitCost(): Promise<void> {
  const keys = Array.from({ length: KEYS }, (_, i) => `[42,"hybrid",{"query":"question ${i}","top_k":10}]`);
  const bare = new LRUCache<string, object>({ maxSize: 32 << 20, sizeCalculation: () => 10_000 });
  const { cache } = openLoneCache(32);
  keys.forEach((key, i) => bare.set(key, searchResult(i)));
  const entryOf = (key: string) => ({ namespace: 'search' as const, key, ttlMs: 3_600_000, tags: ['index:default'] });
  const missing = () => Promise.reject(new Error('must be a hit'));
  await asTenant('acme', async () => {
    for (const [i, key] of keys.entries()) await cache.getOrLoad(entryOf(key), async () => searchResult(i));
  });
  let found = 0;
  const bareNs = await nanoseconds(() => {
    for (let i = 0; i < READS; i++) if (bare.get(keys[i % KEYS] ?? '')) found++;
  });
  const awaitedNs = await nanoseconds(async () => {
    for (let i = 0; i < READS; i++) if (await Promise.resolve(bare.get(keys[i % KEYS] ?? ''))) found++;
  });
  const cacheNs = await nanoseconds(() =>
    asTenant('acme', async () => {
      for (let i = 0; i < READS; i++) if ((await cache.getOrLoad(entryOf(keys[i % KEYS] ?? ''), missing)).state === 'HIT') found++;
    }),
  );
  const text = JSON.stringify(searchResult(1));
  const parseNs = await nanoseconds(() => {
    // A hundredth of the reads: parsing is slow, and READS divides the time.
    for (let i = 0; i < READS / 100; i++) if (JSON.parse(text)) found++;
  });
  if (found === 0) throw new Error('nothing was read');
  const lines: [string, number][] = [
    ['bare lru-cache get', bareNs],
    ['the same, awaited', awaitedNs],
    ['CacheService.getOrLoad, hit', cacheNs],
    ['only parsing the value, had it been kept as JSON', parseNs * 100],
  ];
  printTable(['one read', 'ns', 'ratio'], lines.map(([name, ns]) => [name, Math.round(ns), round(ns / bareNs)]));
}

async function stampede(): Promise<void> {
  const { cache } = openLoneCache();
  let loads = 0;
  const load = async (): Promise<string> => {
    loads++;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return 'made';
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: 1_000 }, () => asTenant('acme', () => cache.getOrLoad({ namespace: 'search', key: 'q', ttlMs: 60_000 }, load))));
  printTable(['1,000 concurrent misses of one key', ''], [['loads', loads], ['ms, the load itself takes 20', round(performance.now() - started)]]);
}

/** Compares what a full cache believes to hold with what the heap has grown by (needs --expose-gc). */
async function memory(): Promise<void> {
  const collect = globalThis.gc;
  if (!collect) return console.log('\nSKIPPED memory: run node with --expose-gc');
  const terms = (i: number): object => ({ text: `第${i}条。${'合同约定的租赁期限与付款方式'.repeat(100)}` });
  printTable(['cache of 32 MB filled with', 'entries', 'accounted MB', 'heap MB', 'heap / budget'], [
    ['search results', ...(await heapOfFull(searchResult, collect))],
    ['Chinese text', ...(await heapOfFull(terms, collect))],
  ]);
}

async function heapOfFull(make: (i: number) => object, collect: () => void): Promise<number[]> {
  const { cache } = openLoneCache(32);
  const heap = async (): Promise<number> => {
    // What the last run left is garbage only after a turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 50));
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await heap();
  // Parsed, as values from a database or the network are: no text is shared between two of them.
  await fill(cache, (i) => JSON.parse(JSON.stringify(make(i))) as object);
  const grown = (await heap()) - before;
  const stats = asTenant('acme', () => cache.stats()).find(({ namespace }) => namespace === 'search');
  return [stats?.entries ?? 0, round((stats?.bytes ?? 0) / 2 ** 20), round(grown / 2 ** 20), round(grown / cache.maxBytes)];
}

async function fill(cache: CacheService, make: (i: number) => object): Promise<void> {
  await asTenant('acme', async () => {
    for (let i = 0; i < 15_000; i++) {
      await cache.getOrLoad({ namespace: 'search', key: `[42,"question ${i}"]`, ttlMs: 3_600_000, tags: ['index:default', `document:${i}`] }, async () => make(i));
    }
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

await hitCost();
await stampede();
await memory();
