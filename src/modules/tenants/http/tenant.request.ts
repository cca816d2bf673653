import { z } from 'zod';
import { nonEmptyText } from '../../../platform/http/schemas.js';

export const createTenantRequest = z
  .strictObject({
    slug: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be 1 to 40 characters of a-z, 0-9 and _, the first one a letter').meta({ example: 'acme' }),
    name: nonEmptyText(200).meta({ example: 'Acme Ltd.' }),
  })
  .meta({ id: 'CreateTenantRequest', example: { slug: 'acme', name: 'Acme Ltd.' } });

export type CreateTenantRequest = z.infer<typeof createTenantRequest>;
