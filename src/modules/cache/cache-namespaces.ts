import { createHash } from 'node:crypto';

/**
 * What is cached, by subject. A new subject is a new line here; statistics and drops are by these names.
 *
 * Rules for keys:
 * - The whole key is `<schema>:<namespace>:<key>`. The schema is added by CacheService, never by a caller; `public`
 *   stands for the control plane. Schemas and namespaces hold no colon, so two different triples never meet.
 * - `<key>` names everything the value depends on besides the tenant: all inputs, the version of the data where there is
 *   one (the index `seq`), and the principal where two principals may see different things. `cacheKey(…)` builds one.
 * - Keys are shown to holders of `cache:read`: no secret goes into one; hash it.
 * - Tags name what the value was computed from, `<kind>:<id>`: `index:default`, `document:<uuid>`. Whoever changes that
 *   thing drops the tag after the change is committed.
 */
export const cacheNamespaces = {
  search: 'Results of searches',
  answers: 'Answers to questions',
  queries: 'Results of database queries: lists, statistics',
  personalities: 'Personalities of engines',
  http: 'Whole responses of GET routes',
  principals: 'Recognised keys and tokens (control plane)',
} as const;

export type CacheNamespace = keyof typeof cacheNamespaces;

export const cacheNamespaceNames = Object.keys(cacheNamespaces) as [CacheNamespace, ...CacheNamespace[]];

/** Longest key or tag that is kept as it is, in UTF-16 units. */
const LONGEST = 200;
const READABLE = 120;

/**
 * One unambiguous key from any JSON-like inputs: equal inputs give equal keys whatever the order of their properties.
 * @example cacheKey(seq, 'hybrid', { top_k: 10, query: 'lease' }) === '[42,"hybrid",{"query":"lease","top_k":10}]'
 */
export function cacheKey(...parts: unknown[]): string {
  return JSON.stringify(parts, sortProperties);
}

/** Keeps keys and tags short enough to list and to send: the readable beginning and a hash of the whole text. */
export function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  const beginning = text.slice(0, READABLE).replace(/[\ud800-\udbff]$/, '');
  return `${beginning}…${createHash('sha256').update(text).digest('base64url')}`;
}

function sortProperties(_name: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
