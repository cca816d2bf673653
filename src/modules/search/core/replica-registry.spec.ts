import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexThread } from '#libs/index-thread';
import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import { IndexSource, type IndexLogRow, type SourceDocument } from '../index-source.js';
import { ReplicaFollower } from './replica-follower.js';
import { ReplicaRegistry } from './replica-registry.js';

class EmptySource extends IndexSource {
  bounds = () => Promise.resolve({ last: 0, lastMark: 0, trimmedThrough: 0, vectorSpace: undefined });
  changesFrom = () => Promise.resolve<IndexLogRow[]>([]);
  async *load(): AsyncIterable<SourceDocument> {}
  async *loadAll(): AsyncIterable<SourceDocument> {}
}

/** Documents without end: whoever reads them all is never done. */
class EndlessSource extends EmptySource {
  read = 0;
  override bounds = () => Promise.resolve({ last: 9, lastMark: 9, trimmedThrough: 8, vectorSpace: undefined });
  override changesFrom = () => Promise.resolve<IndexLogRow[]>([{ seq: 9, mark: 9, document: 1, operation: 'put' }]);

  override async *loadAll(): AsyncIterable<SourceDocument> {
    for (;;) {
      this.read += 1;
      await delay(1);
      yield { document: this.read, collection: 1, chunks: [] };
    }
  }
}

const tenant = (slug: string): TenantContext => ({ tenantId: slug, slug, schema: `tenant_${slug}` });

describe(ReplicaRegistry.name, () => {
  let folder: string;
  let registry: ReplicaRegistry;
  let told: unknown[];
  const thread = new IndexThread();

  const openReplica = (slug: string) =>
    thread.open({ directory: join(folder, slug), dimensions: 8, vectorSpace: 'none@1', onError: (error) => told.push(error) });
  const make = (budgetBytes: number) =>
    new ReplicaRegistry({ budgetBytes, open: async ({ slug }) => new ReplicaFollower(await openReplica(slug), 'none@1', new EmptySource(), () => undefined), onError: (error) => told.push(error) });
  const open = () => registry.followers().map(({ schema }) => schema);
  const use = (slug: string) => registry.use(tenant(slug), () => undefined);

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await delay(5);
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registry-'));
    told = [];
  });
  afterEach(async () => {
    await registry.closeAll();
    await rm(folder, { recursive: true });
  });
  afterAll(() => thread.close());

  it('keeps to its budget when tenants are only searched, and never closes what is in use', async () => {
    registry = make(1);
    let release: () => void = () => undefined;
    const held = new Promise<void>((begun) => {
      void registry.use(tenant('held'), () => new Promise<void>((resolve) => {
        release = resolve;
        begun();
      }));
    });
    await held;
    for (const slug of ['a', 'b', 'c']) await use(slug);
    await until(() => open().length === 2);
    expect(open()).toEqual(['tenant_held', 'tenant_c']);
    release();
    await until(() => open().length === 1);
    await Promise.all(['a', 'b', 'a', 'c', 'held'].map(use));
    await until(() => open().length === 1);
    expect(told).toEqual([]);
  });

  it('opens the replicas of a thread that died anew, with what they had', async () => {
    registry = make(1_000_000);
    const put = { document: 1, collection: 1, chunks: [{ key: 1, terms: [['word', 1] as const], vector: null }] };
    await registry.use(tenant('hurt'), async ({ replica }) => {
      await replica.apply(1, { put });
      await replica.close();
    });
    await registry.closeAll();
    registry = make(1_000_000);
    const find = () => registry.use(tenant('hurt'), ({ replica }) => replica.search({ terms: ['word'], limit: 1 }));
    expect((await find()).hits).toHaveLength(1);
    const finding = Array.from({ length: 5 }, find);
    await thread.close();
    for (const found of [...(await Promise.all(finding)), await find()]) expect(found).toMatchObject({ hits: [{ key: 1 }], seq: 1 });
    expect(told).toEqual([]);
  });

  it('gives up a replica whose thread died when it is told of a change, and opens it when it is searched', async () => {
    registry = make(1_000_000);
    await use('quiet');
    await thread.close();
    let asked = 0;
    const follow = () => registry.whileOpen('tenant_quiet', () => Promise.resolve(void (asked += 1)));
    await follow();
    expect([asked, open(), registry.bytes]).toEqual([0, [], 0]);
    await use('quiet');
    await follow();
    expect([asked, open()]).toEqual([1, ['tenant_quiet']]);
  });

  it('closes what is only written to before what is searched', async () => {
    const probe = await openReplica('probe');
    registry = make(probe.heapBytes * 2.5);
    await probe.close();
    await use('searched');
    await use('written');
    await use('searched');
    await registry.whileOpen('tenant_written', () => Promise.resolve());
    await use('third');
    await until(() => open().length === 2);
    expect(open()).toEqual(['tenant_searched', 'tenant_third']);
  });

  it('closes at once what is still being built', async () => {
    const source = new EndlessSource();
    registry = new ReplicaRegistry({
      budgetBytes: 1,
      open: async ({ slug }, signal) => {
        const follower = new ReplicaFollower(await openReplica(slug), 'none@1', source, (error) => told.push(error));
        await follower.begin(signal);
        return follower;
      },
      onError: (error) => told.push(error),
    });
    const used = use('large').catch((error: Error) => error.message);
    await until(() => source.read > 20);
    await registry.closeAll();
    expect(await used).toContain('closed');
    expect(told).toEqual([]);
  });

  it('outlives a replica that cannot be written when it is closed', async () => {
    registry = make(1);
    await registry.use(tenant('full'), ({ replica }) => replica.apply(1, { put: { document: 1, collection: 1, chunks: [{ key: 1, terms: [['word', 1]], vector: null }] } }));
    await rename(join(folder, 'full'), join(folder, 'aside'));
    await writeFile(join(folder, 'full'), '');
    await use('other');
    await until(() => told.length > 0 && open().length === 1);
    expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('ENOTDIR') as string })]);
    await use('other');
    expect(open()).toEqual(['tenant_other']);
  });
});
