import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { hashApiKey } from '../../platform/security/api-key.js';
import { ApiKeyService } from '../../platform/security/api-key.service.js';
import { grants, type Permission } from '../../platform/security/permissions.js';
import { tokenLifetimeSeconds, TokenService } from '../../platform/security/token.service.js';
import { requirePrincipal, requireTenant } from '../../platform/tenancy/tenant-context.js';

/** Keys and tokens, as their holders see them. */
@Injectable()
export class IdentityService {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly tokens: TokenService,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** @throws auth.forbidden when a permission is asked for that the caller lacks */
  createKey(name: string, permissions: string[], expiresAt: Date | undefined) {
    const principal = requirePrincipal();
    const lacking = permissions.filter((wanted) => !covers(principal.permissions, wanted));
    if (lacking.length > 0) throw new AppError('auth.forbidden', 'forbidden', `You cannot grant what you lack: ${lacking.join(', ')}.`);
    if (expiresAt && expiresAt.getTime() <= Date.now()) {
      throw new AppError('keys.expired', 'invalid', 'expires_at lies in the past.', { errors: [{ path: 'expires_at', message: 'must lie in the future' }] });
    }
    return this.database.control.transaction((manager) => this.keys.create(manager, { tenantId: principal.tenantId, name, permissions, createdBy: principal.id, expiresAt }));
  }

  listKeys(page: number, pageSize: number) {
    return this.keys.list(requireTenant().tenantId, page, pageSize);
  }

  revokeKey(id: string): Promise<void> {
    return this.database.control.transaction((manager) => this.keys.revoke(manager, requireTenant().tenantId, id, requirePrincipal().id));
  }

  async issueToken(clientId: string, clientSecret: string) {
    const identity = await this.keys.findByHash(hashApiKey(clientSecret));
    const expired = identity?.expiresAt !== undefined && identity.expiresAt <= Date.now();
    if (!identity || expired || identity.principal.id !== clientId) throw new AppError('auth.invalid_client', 'unauthenticated', 'client_id and client_secret do not belong to a valid key.');
    const scope = [...identity.principal.permissions].join(' ');
    const { tenantId } = identity.tenant;
    const token = await this.tokens.issue(clientId, tenantId, scope);
    await this.audit.recordFor(this.database.control.manager, [tenantId], { actor: `api_key:${clientId}`, action: 'auth.token_issued', subject: clientId });
    return { access_token: token, token_type: 'Bearer' as const, expires_in: tokenLifetimeSeconds, scope };
  }

  me() {
    const principal = requirePrincipal();
    const tenant = requireTenant();
    return { id: principal.id, kind: principal.kind, tenant_id: tenant.tenantId, tenant: tenant.slug, permissions: [...principal.permissions] };
  }
}

function covers(granted: ReadonlySet<string>, wanted: string): boolean {
  return granted.has('*') || granted.has(wanted) || (!wanted.endsWith('*') && grants(granted, wanted as Permission));
}
