import { z } from 'zod';
import { nonEmptyText, storableJson } from '../../../platform/http/schemas.js';
import type { DocumentScope } from '../../engine/engine.types.js';

export const filterMeaning =
  'Condition on document metadata: fields with a value or `{eq, ne, in, gt, gte, lt, lte, exists, contains}`, joined by and; `and`, `or`, `not` nest; dots go deeper';

export const metadataFilter = storableJson(16_384);

/** For what reads: without it, every collection is looked at. */
export const onlyCollection = nonEmptyText(255).describe('Only this collection, by name or id; all of them when absent').meta({ example: 'handbook' });

/** What searches and questions in a body can be limited to. */
export const documentScope = {
  collection: onlyCollection.optional(),
  collections: z.array(nonEmptyText(255)).min(1).max(50).optional().describe('Only these collections, by name or id; not beside `collection`').meta({ example: ['handbook', 'contracts'] }),
  filter: metadataFilter.optional().describe(filterMeaning).meta({ example: { department: 'finance', year: { gte: 2024 } } }),
};

interface GivenScope {
  collection?: string | undefined;
  collections?: string[] | undefined;
  filter?: Record<string, unknown> | undefined;
}

export const oneWayOfCollections = {
  check: ({ collection, collections }: GivenScope) => collection === undefined || collections === undefined,
  fault: { path: ['collections'], message: 'send either collection or collections' },
};

/** Undefined when nothing is limited. */
export function toDocumentScope({ collection, collections = collection === undefined ? undefined : [collection], filter }: GivenScope): DocumentScope | undefined {
  return collections || filter ? { collections, filter } : undefined;
}
