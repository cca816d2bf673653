/**
 * Searching the memories of one user: reading them at first, searching them, taking one change in, beside a bare scan of the same vectors.
 * Everything is as in the server but for HTTP.
 */
import { Logger } from '@nestjs/common';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MemoryIndex, termsOf } from '#libs/memory';
import { TurnMeter } from '../libs/index-replica/testing/turn-meter.js';
import { ENTITIES } from '../src/entities.js';
import { LexicalEmbeddingModel } from '../src/modules/search/adapters/lexical.embedding-model.js';
import { EmbeddingModel } from '../src/modules/search/ports/embedding-model.js';
import { startEmbeddedPostgres } from '../src/platform/database/embedded/server.js';
import { Database } from '../src/platform/database/database.js';
import { DatabaseConfig } from '../src/platform/database/database.config.js';
import { MigrationRunner } from '../src/platform/database/migration-runner.js';
import { TenantDatabase } from '../src/platform/tenancy/tenant-database.js';
import { tenantContext, TenantService } from '../src/platform/tenancy/tenant.service.js';
import type { TenantContext } from '../src/platform/tenancy/tenant-context.js';
import { openMemories } from '../test/support/memory.js';
import type { TestPlatform } from '../test/support/platform.js';
import { isQuick } from './support/options.js';
import { figure, percentile, printTable } from './support/table.js';

const sizes = isQuick ? [100] : [100, 1_000, 5_000];
const searches = isQuick ? 20 : 500;
const scope = { ownerId: 'bench', userId: '' };

/** The built-in embedding, taken for one that knows more than words: every vector is compared. */
class SemanticModel extends EmbeddingModel {
  private readonly words = new LexicalEmbeddingModel();
  readonly name = this.words.name;
  readonly space = this.words.space;
  readonly dimensions = this.words.dimensions;
  readonly weight = 1;
  readonly semantic = true;
  readonly local = true;

  embed(texts: string[]): Promise<Float32Array[]> {
    return this.words.embed(texts);
  }
}

const subjects = ['I', 'My wife', 'My brother', 'Our team', 'My daughter', 'My neighbour', 'Our customer', 'My boss'];
const verbs = ['likes', 'visited', 'bought', 'planned', 'forgot', 'prefers', 'repaired', 'sold', 'painted', 'started'];
const things = ['green tea', 'aisle seats', 'a red bicycle', 'jazz records', 'the quarterly report', 'a mountain cabin', 'sourdough bread', 'an old camera', 'running shoes', 'the garden fence', 'a chess set', 'oat milk'];
const places = ['Lisbon', 'Oslo', 'Hamburg', 'Kyoto', 'Lima', 'Toronto', 'Nairobi', 'Prague', 'Madrid', 'Dublin', 'Seoul', 'Vienna', 'Boston', 'Cairo', 'Zurich'];
const pick = (list: readonly string[], by: number): string => list[by % list.length] as string;
const textOf = (at: number): string => `${pick(subjects, at)} ${pick(verbs, Math.floor(at / 3))} ${pick(things, Math.floor(at / 7))} near ${pick(places, Math.floor(at / 5))} on day ${at} of the year`;
const questionOf = (at: number): string => `Who ${pick(verbs, at)} ${pick(things, at * 5)} in ${pick(places, at * 3)}?`;

async function fill(platform: TestPlatform, size: number): Promise<void> {
  const model = new LexicalEmbeddingModel();
  const { memories } = openMemories(platform);
  await memories.add(scope, textOf(0));
  for (let from = 1; from < size; from += 500) {
    const texts = Array.from({ length: Math.min(500, size - from) }, (_, at) => textOf(from + at));
    const vectors = await model.embed(texts);
    const rows = texts.map((text, at) => ({ text, terms: termsOf(text), vector: Buffer.from(vectors[at]!.buffer).toString('hex') }));
    await platform.tenantDatabase.query(
      (sql) => `INSERT INTO ${sql.table('memories')} (id, owner_id, text, hash, terms, vector, vector_space)
                SELECT gen_random_uuid(), 'bench', r.text, md5(r.text), r.terms, decode(r.vector, 'hex'), $2 FROM jsonb_to_recordset($1::jsonb) AS r (text text, terms text[], vector text)`,
      [JSON.stringify(rows), model.space],
    );
  }
}

interface Timed {
  ms: number[];
  /** Processor time of each, all threads: what it costs however busy the machine is. In milliseconds. */
  cpu: number[];
  /** Longest turn of the event loop, in milliseconds of processor time. */
  turn: number;
}

async function time(times: number, work: (at: number) => Promise<unknown>): Promise<Timed> {
  const meter = new TurnMeter().start();
  const ms: number[] = [];
  const cpu: number[] = [];
  for (let at = 0; at < times; at++) {
    const [begin, used] = [performance.now(), process.cpuUsage()];
    await work(at);
    const { user, system } = process.cpuUsage(used);
    ms.push(performance.now() - begin);
    cpu.push((user + system) / 1_000);
    await nextTurn();
  }
  return { ms, cpu, turn: meter.stop() };
}

/** Cosine of every vector with plain loops, then the best ten: what a search does at least. */
function bareScan(vectors: readonly Float32Array[], query: Float32Array): number[] {
  const scores = vectors.map((vector, id) => {
    let sum = 0;
    for (let at = 0; at < vector.length; at++) sum += (vector[at] as number) * (query[at] as number);
    return { id, sum };
  });
  return scores.sort((a, b) => b.sum - a.sum).slice(0, 10).map(({ id }) => id);
}

async function measure(platform: TestPlatform, model: EmbeddingModel): Promise<(string | number)[]> {
  const { memories } = openMemories(platform, { model });
  const search = (at: number) => memories.search(scope, { query: questionOf(at), budgetMs: 60_000 });
  // The analysis of text loads its dictionaries, the database its plans.
  await search(-1 * searches);
  const { memories: cold } = openMemories(platform, { model });
  const load = await time(1, () => cold.search(scope, { query: questionOf(0), budgetMs: 60_000 }));
  await time(searches, search);
  const warm = await time(searches, (at) => search(at + searches));
  const changed = await time(Math.min(searches, 50), async (at) => {
    await cold.add(scope, `A note of number ${at} about ${pick(places, at)} and ${model.semantic}`);
    await search(at);
  });
  return [`${figure(load.ms[0] ?? NaN)}`, figure(load.turn), figure(percentile(warm.ms, 0.5)), figure(percentile(warm.ms, 0.95)), figure(percentile(warm.cpu, 0.5)), figure(percentile(warm.cpu, 0.95)), figure(warm.turn), figure(percentile(changed.ms, 0.5)), figure(changed.turn)];
}

/** The index alone: no database, no analysis of the question. */
async function measureIndex(size: number, semantic: boolean): Promise<(string | number)[]> {
  const model = new LexicalEmbeddingModel();
  const texts = Array.from({ length: size }, (_, at) => textOf(at));
  const vectors = await model.embed(texts);
  const index = new MemoryIndex();
  texts.forEach((text, at) => index.put(String(at).padStart(6, '0'), { terms: termsOf(text), vector: vectors[at] }));
  const questions = await Promise.all(Array.from({ length: searches }, async (_, at) => ({ terms: termsOf(questionOf(at)), vector: (await model.embed([questionOf(at)]))[0]! })));
  const ask = (at: number) => index.search({ ...questions[at]!, vectorWeight: semantic ? 1 : 0.05, semantic, limit: 10 });
  await time(searches, ask);
  const ours = await time(searches, ask);
  const bare = await time(searches, (at) => Promise.resolve(bareScan(vectors, questions[at]!.vector)));
  const [mine, theirs] = [percentile(ours.cpu, 0.5), percentile(bare.cpu, 0.5)];
  return [figure(mine), figure(percentile(ours.cpu, 0.95)), figure(theirs), figure(percentile(bare.cpu, 0.95)), figure(mine / theirs)];
}

async function run(platform: TestPlatform): Promise<void> {
  const whole: (string | number)[][] = [];
  const alone: (string | number)[][] = [];
  for (const size of sizes) {
    const tenant: TenantContext = tenantContext(await platform.tenants.provision(`size_${size}`, 'Size'));
    await platform.tenantDatabase.forTenant(tenant, async () => {
      await fill(platform, size);
      for (const model of [new LexicalEmbeddingModel(), new SemanticModel()]) {
        const name = `${size.toLocaleString('en')}, ${model.semantic ? 'every vector compared' : 'built-in embedding'}`;
        whole.push([name, ...(await measure(platform, model))]);
        alone.push([name, ...(await measureIndex(size, model.semantic))]);
      }
    });
  }
  printTable(['memories', 'first search, ms', 'its longest turn, CPU ms', 'search p50, ms', 'p95, ms', 'its CPU p50, ms', 'CPU p95, ms', 'longest turn, CPU ms', 'a change and a search p50, ms', 'longest turn, CPU ms'], whole);
  printTable(['the index alone', 'CPU p50, ms', 'p95, ms', 'bare scan CPU p50, ms', 'p95, ms', 'ratio of the p50'], alone);
}

Logger.overrideLogger(['error']);
const directory = await mkdtemp(join(tmpdir(), 'ai-stack-bench-'));
const server = await startEmbeddedPostgres({ directory });
try {
  const database = await Database.open(new DatabaseConfig({ url: server.url, statementTimeoutMs: 0 }), ENTITIES);
  const migrations = new MigrationRunner(database);
  await migrations.migrateAll();
  await run({ url: server.url, database, migrations, tenants: new TenantService(database, migrations), tenantDatabase: new TenantDatabase(database), close: () => database.close() });
  await database.close();
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
