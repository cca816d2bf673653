import { z } from 'zod';
import { boundedText, nonEmptyText } from '../../../platform/http/schemas.js';
import { allPermissions } from '../../../platform/security/permissions.js';

const subjects = [...new Set(allPermissions.map((name) => `${name.split(':')[0]}:*`))];
const grantable = z.enum(['*', ...subjects, ...allPermissions] as [string, ...string[]]);

export const createApiKeyRequest = z
  .strictObject({
    name: nonEmptyText(200).meta({ example: 'nightly import' }),
    permissions: z.array(grantable).min(1).max(50).meta({ example: ['documents:write', 'search:query'] }),
    expires_at: z.iso.datetime().optional().describe('RFC 3339; absent: never, or with the key that creates it'),
  })
  .meta({ id: 'CreateApiKeyRequest', example: { name: 'nightly import', permissions: ['documents:write', 'search:query'], expires_at: '2027-11-21T00:00:00Z' } });

export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequest>;

export const changeApiKeyRequest = z
  .strictObject({
    name: nonEmptyText(200).optional().meta({ example: 'hourly import' }),
    permissions: z.array(grantable).min(1).max(50).optional().describe('In place of those it has').meta({ example: ['documents:write'] }),
    expires_at: z.iso.datetime().nullable().optional().describe('RFC 3339; null: never'),
  })
  .meta({ id: 'ChangeApiKeyRequest', example: { name: 'hourly import', expires_at: null } });

export type ChangeApiKeyRequest = z.infer<typeof changeApiKeyRequest>;

export const revokeApiKeyQuery = z.object({
  with_children: z.enum(['true', 'false']).default('false').transform((value) => value === 'true').describe('true: also the keys that were made in its name, and in theirs').meta({ example: 'true' }),
});

const client = {
  client_id: z.uuid().optional().describe('Id of an API key; absent with `Authorization: Basic`'),
  client_secret: z.string().min(16).max(200).optional().describe('The API key itself; absent with `Authorization: Basic`'),
};
const clientExample = { client_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', client_secret: 'ask_8Jx2Qw1zT0mB5nVr6cYd3eKf' };

/** RFC 6749 section 4.4; also accepted as application/x-www-form-urlencoded. */
export const tokenRequest = z
  .object({ grant_type: z.literal('client_credentials'), ...client, scope: boundedText(2_000).optional().describe('Permissions of the key, by spaces; all of them when absent').meta({ example: 'search:query' }) })
  .meta({ id: 'TokenRequest', example: { grant_type: 'client_credentials', ...clientExample } });

export type TokenRequest = z.infer<typeof tokenRequest>;

/** RFC 7009; also accepted as application/x-www-form-urlencoded. */
export const revokeTokenRequest = z
  .object({ token: boundedText(4_096).min(1).describe('The JWT').meta({ example: 'eyJhbGciOiJFUzI1NiJ9…' }), ...client, token_type_hint: boundedText(100).optional().describe('Not looked at') })
  .meta({ id: 'RevokeTokenRequest', example: { token: 'eyJhbGciOiJFUzI1NiJ9…', ...clientExample } });

export type RevokeTokenRequest = z.infer<typeof revokeTokenRequest>;
