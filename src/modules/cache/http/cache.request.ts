import { z } from 'zod';
import { nonEmptyText, pageQuery } from '../../../platform/http/schemas.js';
import { cacheNamespaceNames } from '../cache-namespaces.js';

const namespace = z.enum(cacheNamespaceNames);

export const cacheKeysQuery = pageQuery.extend({
  pattern: nonEmptyText(200).optional().describe('Only keys that match; * stands for any text').meta({ example: 'search:*' }),
  namespace: namespace.optional().describe('Only keys of this kind'),
});

export type CacheKeysQuery = z.infer<typeof cacheKeysQuery>;

export const dropCacheQuery = z
  .strictObject({
    tag: nonEmptyText(200).optional().describe('Everything computed from this').meta({ example: 'index:default' }),
    key: z
      .templateLiteral([namespace, ':', z.string()], { error: 'must be <namespace>:<key>' })
      .optional()
      .describe('One key, as GET /cache/keys lists it')
      .meta({ example: 'search:[42,"hybrid",{"query":"lease"}]' }),
    namespace: namespace.optional().describe('Everything of this kind'),
  })
  .refine((query) => Object.values(query).filter((value) => value !== undefined).length === 1, 'give exactly one of tag, key and namespace');

export type DropCacheQuery = z.infer<typeof dropCacheQuery>;
