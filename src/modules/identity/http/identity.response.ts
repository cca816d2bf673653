import { z } from 'zod';
import { pageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import type { ApiKey } from '../../../platform/security/entities/api-key.entity.js';

const apiKeyExample = {
  id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', name: 'nightly import', prefix: 'ask_8Jx2Qw1z', permissions: ['documents:write'], expires_at: null, last_used_at: '2026-11-21T10:05:00.000Z', revoked_at: null, created_at: '2026-11-21T10:00:00.000Z',
};

export const apiKeyResponse = z
  .object({
    id: uuid,
    name: z.string(),
    prefix: z.string().describe('First characters, to recognise it by'),
    permissions: z.array(z.string()),
    expires_at: timestamp.nullable(),
    last_used_at: timestamp.nullable().describe('By itself or a token of it, up to a minute ago; null: never'),
    revoked_at: timestamp.nullable(),
    created_at: timestamp,
  })
  .meta({
    id: 'ApiKey',
    example: apiKeyExample,
  });

export const apiKeyPageResponse = pageOf(apiKeyResponse).meta({ id: 'ApiKeyPage' });

export const createdApiKeyResponse = apiKeyResponse.extend({ key: z.string().describe('Shown only now; the server keeps its hash') }).meta({ id: 'CreatedApiKey', example: { ...apiKeyExample, last_used_at: null, key: 'ask_8Jx2Qw1zT0mB5nVr6cYd3eKf' } });

export const tokenResponse = z
  .object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int().describe('Seconds'), scope: z.string() })
  .meta({ id: 'Token', example: { access_token: 'eyJhbGciOiJFUzI1NiJ9…', token_type: 'Bearer', expires_in: 900, scope: 'search:query' } });

/** Clients need not read it: the status tells. */
export const revokedTokenResponse = z.object({ active: z.literal(false) }).meta({ id: 'RevokedToken', example: { active: false } });

export const meResponse = z
  .object({ id: uuid, kind: z.enum(['api_key', 'user', 'system']), tenant_id: uuid, tenant: z.string(), permissions: z.array(z.string()) })
  .meta({ id: 'Me', example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', kind: 'api_key', tenant_id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', tenant: 'default', permissions: ['*'] } });

export function toApiKeyResponse(key: ApiKey): z.infer<typeof apiKeyResponse> {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    permissions: key.permissions,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
  };
}
