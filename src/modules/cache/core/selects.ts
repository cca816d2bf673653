import type { DropSelector } from '../cache.types.js';
import type { CacheNamespace } from '../cache-namespaces.js';

/** Where a value stands: in the space of one tenant (its schema) or of the control plane (`public`). */
export interface Place {
  readonly schema: string;
  readonly namespace: CacheNamespace;
  /** Without schema and namespace. */
  readonly key: string;
  readonly tags: readonly string[];
}

/** The whole key. */
export function idOf(schema: string, namespace: CacheNamespace, key: string): string {
  return `${schema}:${namespace}:${key}`;
}

/** Whether dropping `selector` in the space `schema` means the value at `place`. */
export function selects(schema: string, selector: DropSelector, place: Place): boolean {
  if (place.schema !== schema) return false;
  if ('tag' in selector) return place.tags.includes(selector.tag);
  if ('key' in selector) return selector.key === `${place.namespace}:${place.key}`;
  return selector.namespace === place.namespace;
}
