import type { CacheService } from './cache.service.js';
import type { CacheEntry } from './cache.types.js';

interface CachedOptions<A extends unknown[]> extends Pick<CacheEntry<unknown>, 'namespace' | 'ttlMs' | 'staleMs' | 'global'> {
  /** Names everything the result depends on; the whole key begins with the tenant and the namespace. */
  key: (...args: A) => string;
  tags?: (...args: A) => string[];
}

/**
 * Caches what a method returns. Its class is given the CacheService as `readonly cache`; a class without it does not compile.
 * @example
 * class Reports {
 *   constructor(readonly cache: CacheService) {}
 *
 *   @Cached({ namespace: 'queries', key: (year: number) => `report:${year}`, ttlMs: 60_000, tags: (year: number) => [`year:${year}`] })
 *   async report(year: number): Promise<Report> { … }
 * }
 */
export function Cached<A extends unknown[]>({ key, tags, ...entry }: CachedOptions<A>) {
  return function <T>(
    _prototype: { readonly cache: CacheService },
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: A) => Promise<T>>,
  ): void {
    const method = descriptor.value;
    if (!method) throw new TypeError(`@Cached is for methods; ${String(name)} is none`);
    descriptor.value = async function (this: { readonly cache: CacheService }, ...args: A): Promise<T> {
      const { value } = await this.cache.getOrLoad<T>({ ...entry, key: key(...args), tags: tags?.(...args) }, () => method.apply(this, args));
      return value;
    };
  };
}
