import { LRUCache } from 'lru-cache';
import type { DropSelector, KeyPage, KeyQuery, NamespacedKey } from '../cache.types.js';
import { type CacheNamespace, cacheNamespaceNames } from '../cache-namespaces.js';
import { approximateBytes } from '../core/approximate-bytes.js';
import { glob } from '../core/glob.js';
import type { Place } from '../core/selects.js';
import { Shelf } from '../core/shelf.js';

/** Measured cost of an entry and of a tag besides their text: the objects here and in the indexes. */
const ENTRY_BYTES = 450;
const TAG_BYTES = 160;

/** A value above this share of the budget would push out too many others. */
const LARGEST_SHARE = 1 / 20;

/** Keys that one listing looks at, at most: some ten milliseconds. */
const KEYS_LOOKED_AT = 20_000;

/** Times are those of `performance.now()`. */
export interface Stored {
  readonly place: Place;
  readonly value: unknown;
  readonly freshUntil: number;
  readonly staleUntil: number;
  readonly bytes: number;
  readonly shelf: Shelf;
}

/**
 * The first level: values of this process, by reference, the least recently used leaving when the budget is full.
 * One budget for all tenants and namespaces, so that none has to be sized by hand.
 */
export class MemoryStore {
  private readonly entries: LRUCache<string, Stored>;
  private readonly shelves = new Map<string, Shelf>();
  private readonly byTag = new Map<string, Set<string>>();

  constructor(readonly maxBytes: number) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ bytes }) => bytes,
      dispose: (entry, id, reason) => {
        if (reason === 'evict') entry.shelf.evictions++;
        this.unlist(id, entry);
      },
    });
  }

  /** The entry if it may still be given, fresh or stale. */
  get(id: string, now: number): Stored | undefined {
    const entry = this.entries.get(id);
    if (entry === undefined || now < entry.staleUntil) return entry;
    this.entries.delete(id);
    return undefined;
  }

  /** Keeps the value, unless it is too large; an older one of the same key is gone in both cases. */
  set(id: string, place: Place, value: unknown, times: { freshUntil: number; staleUntil: number }): void {
    const shelf = this.shelf(place.schema, place.namespace);
    const largest = this.maxBytes * LARGEST_SHARE;
    const labels = place.tags.reduce((sum, tag) => sum + tag.length, id.length);
    const bytes = ENTRY_BYTES + TAG_BYTES * place.tags.length + 2 * labels + approximateBytes(value, largest);
    if (bytes > largest) {
      shelf.tooLarge++;
      this.entries.delete(id);
      return;
    }
    const entry: Stored = { place, value, ...times, bytes, shelf };
    this.entries.set(id, entry);
    this.list(id, entry);
  }

  delete(id: string): boolean {
    return this.entries.delete(id);
  }

  /** Drops what `selector` means in one space. @returns how many entries went */
  drop(schema: string, selector: DropSelector): number {
    if ('key' in selector) return this.deleteAll([`${schema}:${selector.key}`]);
    if ('tag' in selector) return this.deleteAll(this.byTag.get(tagId(schema, selector.tag)) ?? []);
    return this.deleteAll(this.shelf(schema, selector.namespace).ids);
  }

  /** Drops every entry, of all tenants, that depends on something. */
  dropTagged(): number {
    return this.deleteAll([...this.byTag.values()].flatMap((ids) => [...ids]));
  }

  shelf(schema: string, namespace: CacheNamespace): Shelf {
    const name = `${schema}:${namespace}`;
    let shelf = this.shelves.get(name);
    if (!shelf) this.shelves.set(name, (shelf = new Shelf(namespace)));
    return shelf;
  }

  /** The live keys of one space, in the order in which they were stored. */
  keys(schema: string, { pattern = '*', namespace, page, pageSize }: KeyQuery): KeyPage {
    const matches = glob(pattern);
    const now = performance.now();
    const from = (page - 1) * pageSize;
    const result: KeyPage = { items: [], total: 0, complete: true };
    let lookedAt = 0;
    for (const id of this.idsOf(schema, namespace)) {
      if (++lookedAt > KEYS_LOOKED_AT) return { ...result, complete: false };
      const entry = this.entries.peek(id);
      const key = id.slice(schema.length + 1) as NamespacedKey;
      if (!entry || now >= entry.staleUntil || !matches(key)) continue;
      if (result.total >= from && result.items.length < pageSize) {
        const expiresAt = new Date(Date.now() + entry.freshUntil - now);
        result.items.push({ key, namespace: entry.place.namespace, bytes: entry.bytes, tags: entry.place.tags, expiresAt });
      }
      result.total++;
    }
    return result;
  }

  private *idsOf(schema: string, namespace: CacheNamespace | undefined): Iterable<string> {
    for (const name of namespace ? [namespace] : cacheNamespaceNames) yield* this.shelves.get(`${schema}:${name}`)?.ids ?? [];
  }

  private deleteAll(ids: Iterable<string>): number {
    let dropped = 0;
    for (const id of [...ids]) if (this.entries.delete(id)) dropped++;
    return dropped;
  }

  private list(id: string, { place, shelf, bytes }: Stored): void {
    shelf.ids.add(id);
    shelf.bytes += bytes;
    for (const tag of place.tags) {
      const name = tagId(place.schema, tag);
      const ids = this.byTag.get(name);
      if (ids) ids.add(id);
      else this.byTag.set(name, new Set([id]));
    }
  }

  private unlist(id: string, { place, shelf, bytes }: Stored): void {
    shelf.ids.delete(id);
    shelf.bytes -= bytes;
    for (const tag of place.tags) {
      const name = tagId(place.schema, tag);
      const ids = this.byTag.get(name);
      ids?.delete(id);
      if (ids?.size === 0) this.byTag.delete(name);
    }
  }
}

function tagId(schema: string, tag: string): string {
  return `${schema}:${tag}`;
}

