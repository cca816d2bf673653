import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MemoryIndex } from '#libs/memory';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
import { EmbeddingService } from '../search/embedding.service.js';
import { MemoryIndexReader, mostSearched, pageOfMemories, type MemoryVersions, type SearchableMemory } from './adapters/memory-index.reader.js';
import type { MemoryScope, MemoryView } from './memory.types.js';

const mostBytes = 64 * 1024 * 1024;
/** The event loop runs at least this often while memories are taken in. */
const sliceMs = 1;

/** Memories of one user, or of all users of an owner, as they are searched. */
export class MemoryCopy {
  readonly index = new MemoryIndex();
  readonly memories = new Map<string, MemoryView>();
  private readonly expiring = new Map<string, number>();
  private textBytes = 0;
  version = 0;
  /** Whether older memories were left out. */
  full = false;

  constructor(readonly space: string) {}

  get bytes(): number {
    return 1_000 + this.index.bytes + this.textBytes + 400 * this.memories.size;
  }

  put({ terms, vector, ...view }: SearchableMemory): void {
    this.remove(view.id);
    this.memories.set(view.id, view);
    this.textBytes += 2 * view.text.length;
    this.index.put(view.id, { terms, vector: vector ? floats(vector) : undefined });
    if (view.expiresAt) this.expiring.set(view.id, view.expiresAt.getTime());
    if (this.memories.size <= mostSearched) return;
    this.full = true;
    this.remove(this.index.oldest() ?? '');
  }

  remove(id: string): void {
    this.textBytes -= 2 * (this.memories.get(id)?.text.length ?? 0);
    this.memories.delete(id);
    this.expiring.delete(id);
    this.index.remove(id);
  }

  /** Lets go of what has expired. */
  expire(now: number): void {
    for (const [id, at] of this.expiring) if (at <= now) this.remove(id);
  }
}

/**
 * Copies of the memories of users who were searched lately, up to date at each use: one query tells the version, and what has changed
 * since is taken in, memory by memory, in slices of a millisecond. Over all users of an owner everything is read anew after any change.
 */
@Injectable()
export class MemoryCopies {
  private readonly kept = new LRUCache<string, MemoryCopy>({ maxSize: mostBytes, sizeCalculation: ({ bytes }) => bytes });
  private readonly loading = new Map<string, Promise<MemoryCopy>>();

  constructor(
    private readonly reader: MemoryIndexReader,
    private readonly embedding: EmbeddingService,
  ) {}

  async get(wanted: MemoryScope): Promise<MemoryCopy> {
    const scope = scopeOfCopy(wanted);
    const slot = slotOf(scope);
    // The version first: what is written after it makes the copy old, never the other way round.
    const versions = await this.reader.versions(scope.ownerId, scope.userId);
    // Whoever loads it may have asked for an earlier version.
    for (let running = this.loading.get(slot); running; running = this.loading.get(slot)) await running;
    const known = this.kept.get(slot);
    if (known && known.version >= versions.version && known.space === this.embedding.space) return known;
    const work = this.refresh(scope, versions, known).then((copy) => this.keep(slot, copy)).finally(() => this.loading.delete(slot));
    this.loading.set(slot, work);
    return work;
  }

  /** The copy as it was when it was last up to date: what it holds may have been changed or forgotten since. */
  former(wanted: MemoryScope): MemoryCopy | undefined {
    const known = this.kept.get(slotOf(scopeOfCopy(wanted)));
    return known?.space === this.embedding.space ? known : undefined;
  }

  private keep(slot: string, copy: MemoryCopy): MemoryCopy {
    this.kept.set(slot, copy);
    return copy;
  }

  private async refresh(scope: MemoryScope, versions: MemoryVersions, known: MemoryCopy | undefined): Promise<MemoryCopy> {
    const { ownerId, userId } = scope;
    // Over several users there is no order of changes: what has changed cannot be told apart.
    if (!known || userId === undefined || known.space !== this.embedding.space || versions.erased > known.version) return this.read(scope, versions);
    const changes = await this.reader.changes(ownerId, userId, known.space, known.version);
    // What was left out could come in again.
    if (!changes || (known.full && changes.some(({ gone }) => gone))) return this.read(scope, versions);
    for (const { id, gone } of changes) if (gone) known.remove(id);
    await this.take(changes.filter(({ gone }) => !gone).map(({ gone: _gone, ...memory }) => memory), known);
    known.version = versions.version;
    return known;
  }

  private async read(scope: MemoryScope, { version }: MemoryVersions): Promise<MemoryCopy> {
    const copy = new MemoryCopy(this.embedding.space);
    let page: SearchableMemory[] = [];
    do {
      page = await this.reader.page(scope, copy.space, page.at(-1)?.id);
      await this.take(page, copy);
    } while (page.length === pageOfMemories && copy.memories.size < mostSearched);
    copy.full = copy.memories.size >= mostSearched;
    copy.version = version;
    return copy;
  }

  private async take(memories: readonly SearchableMemory[], copy: MemoryCopy): Promise<void> {
    let startedAt = performance.now();
    for (const memory of memories) {
      copy.put(memory);
      if (performance.now() - startedAt < sliceMs) continue;
      await nextTurn();
      startedAt = performance.now();
    }
  }
}

/** One copy serves all searches over a user; over all users of an owner each has its own, or the newest ones of other agents would crowd out what is wanted. */
function scopeOfCopy({ ownerId, userId, agentId, appId, runId }: MemoryScope): MemoryScope {
  return userId === undefined ? { ownerId, agentId, appId, runId } : { ownerId, userId };
}

function slotOf(scope: MemoryScope): string {
  return JSON.stringify([requireTenant().schema, ...Object.entries(scope).flat()]);
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
