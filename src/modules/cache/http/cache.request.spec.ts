import { describe, expect, it } from 'vitest';
import { cacheKeysQuery, dropCacheQuery } from './cache.request.js';

describe('DELETE /cache', () => {
  it.each([[{ tag: 'index:default' }], [{ key: 'search:[1,"a:b"]' }], [{ namespace: 'answers' }]])('takes %o', (query) => {
    expect(dropCacheQuery.parse(query)).toEqual(query);
  });

  it.each([[{}], [{ tag: 'a', namespace: 'answers' }], [{ namespace: 'nothing' }], [{ key: 'nothing:1' }], [{ tag: '' }], [{ all: 'true' }]])('refuses %o', (query) => {
    expect(dropCacheQuery.safeParse(query).success).toBe(false);
  });
});

it('GET /cache/keys is paged and bounded', () => {
  expect(cacheKeysQuery.parse({ pattern: 'search:*', page_size: '50' })).toEqual({ pattern: 'search:*', page: 1, page_size: 50 });
  expect(cacheKeysQuery.safeParse({ page_size: '201' }).success).toBe(false);
  expect(cacheKeysQuery.safeParse({ pattern: '*'.repeat(201) }).success).toBe(false);
});
