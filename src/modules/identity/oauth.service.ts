import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { hashApiKey } from '../../platform/security/api-key.js';
import { ApiKeyService } from '../../platform/security/api-key.service.js';
import type { Identity } from '../../platform/security/identity.js';
import { covers } from '../../platform/security/permissions.js';
import { TokenService } from '../../platform/security/token.service.js';

/** How a client of OAuth 2 names itself: an API key, by its id. */
export interface ClientCredentials {
  id: string;
  secret: string;
}

/** Tokens for API keys, as OAuth 2 clients ask for them (RFC 6749 section 4.4, RFC 7009). */
@Injectable()
export class OAuthService {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly tokens: TokenService,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @param scope permissions, by spaces; absent: all that the key has
   * @throws AppError auth.invalid_client, auth.invalid_scope
   */
  async issueToken(client: ClientCredentials, wanted: string | undefined) {
    const { principal, tenant, expiresAt } = await this.authenticate(client);
    const scopes = wanted?.split(' ').filter(Boolean) ?? [];
    const lacking = scopes.filter((scope) => !covers(principal.permissions, scope));
    if (lacking.length > 0) throw new AppError('auth.invalid_scope', 'invalid', `The key does not have: ${lacking.join(', ')}.`, { errors: [{ path: 'scope', message: 'must hold permissions of the key' }] });
    const scope = [...(scopes.length > 0 ? scopes : principal.permissions)].join(' ');
    const { token, lifetimeSeconds } = await this.tokens.issue({ keyId: principal.id, tenantId: tenant.tenantId, scope, keyExpiresAt: expiresAt });
    await this.audit.recordFor(this.database.control.manager, [tenant.tenantId], { actor: `api_key:${principal.id}`, action: 'auth.token_issued', subject: principal.id });
    return { access_token: token, token_type: 'Bearer' as const, expires_in: lifetimeSeconds, scope };
  }

  /**
   * Ends a token on every process. One that is none, or has ended, is as it should be.
   * @throws AppError auth.invalid_client, auth.foreign_token
   */
  async revokeToken(client: ClientCredentials, token: string): Promise<void> {
    const { principal, tenant } = await this.authenticate(client);
    const claims = await this.tokens.verify(token);
    if (!claims) return;
    if (claims.keyId !== principal.id) throw new AppError('auth.foreign_token', 'invalid', 'The token was issued for another key. That key ends it, or ends with it.');
    await this.database.control.transaction(async (manager) => {
      await this.tokens.revoke(manager, claims, tenant.tenantId);
      await this.audit.recordFor(manager, [tenant.tenantId], { actor: `api_key:${principal.id}`, action: 'auth.token_revoked', subject: claims.tokenId });
    });
  }

  private async authenticate({ id, secret }: ClientCredentials): Promise<Identity> {
    const identity = await this.keys.findByHash(hashApiKey(secret));
    const expired = identity?.expiresAt !== undefined && identity.expiresAt <= Date.now();
    if (!identity || expired || identity.principal.id !== id) throw new AppError('auth.invalid_client', 'unauthenticated', 'client_id and client_secret do not belong to a valid key.');
    return identity;
  }
}
