import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { Database } from '../../platform/database/database.js';
import { ApiKeyService, type ApiKeyChange } from '../../platform/security/api-key.service.js';
import { covers } from '../../platform/security/permissions.js';
import { requirePrincipal, requireTenant, type Principal } from '../../platform/tenancy/tenant-context.js';

/** Keys, as their holders see them. */
@Injectable()
export class IdentityService {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly database: Database,
  ) {}

  /** @throws AppError auth.forbidden when a permission is asked for that the caller lacks, keys.expired, keys.outlives_creator */
  async createKey(name: string, permissions: string[], expiresAt: Date | undefined) {
    const principal = requirePrincipal();
    refuseLacking(principal, permissions, 'grant');
    refusePast(expiresAt);
    return this.database.control.transaction((manager) => this.keys.create(manager, { tenantId: principal.tenantId, name, permissions, createdBy: principal.id, expiresAt }));
  }

  listKeys(page: number, pageSize: number) {
    return this.keys.list(requireTenant().tenantId, page, pageSize);
  }

  /** @throws AppError keys.not_found */
  getKey(id: string) {
    return this.keys.get(this.database.control.manager, requireTenant().tenantId, id);
  }

  /**
   * Also ends of keys can be moved, but one that was revoked stays so.
   * @throws AppError auth.forbidden when it can, or is to, do more than the caller; keys.not_found, keys.revoked, keys.expired, keys.outlives_creator, keys.last_owner
   */
  async changeKey(id: string, change: ApiKeyChange) {
    const principal = requirePrincipal();
    refusePast(change.expiresAt ?? undefined);
    return this.database.control.transaction(async (manager) => {
      await this.keys.lockAll(manager, principal.tenantId);
      const key = await this.keys.get(manager, principal.tenantId, id);
      if (id !== principal.id) refuseLacking(principal, key.permissions, 'change a key with');
      refuseLacking(principal, change.permissions ?? [], 'grant');
      if (key.revokedAt) throw new AppError('keys.revoked', 'conflict', `The API key ${id} was revoked; create another one.`);
      return Object.keys(change).length === 0 ? key : this.keys.change(manager, key, change, principal.id);
    });
  }

  /**
   * @param withChildren also the keys that were made in its name, and in theirs
   * @throws AppError auth.forbidden when one of them can do more than the caller (the caller's own key aside), keys.not_found, keys.last_owner
   */
  async revokeKey(id: string, withChildren: boolean): Promise<void> {
    const principal = requirePrincipal();
    await this.database.control.transaction(async (manager) => {
      await this.keys.lockAll(manager, principal.tenantId);
      const key = await this.keys.get(manager, principal.tenantId, id);
      const children = withChildren ? await this.keys.descendantsOf(manager, key) : [];
      for (const ending of [key, ...children]) if (ending.id !== principal.id) refuseLacking(principal, ending.permissions, 'revoke a key with');
      await this.keys.revoke(manager, key, children, principal.id);
    });
  }

  me() {
    const principal = requirePrincipal();
    const tenant = requireTenant();
    return { id: principal.id, kind: principal.kind, tenant_id: tenant.tenantId, tenant: tenant.slug, permissions: [...principal.permissions] };
  }
}

/** Nobody gives or takes away more than what is their own. */
function refuseLacking({ permissions }: Principal, wanted: readonly string[], verb: string): void {
  const lacking = wanted.filter((one) => !covers(permissions, one));
  if (lacking.length > 0) throw new AppError('auth.forbidden', 'forbidden', `You cannot ${verb} what you lack: ${lacking.join(', ')}.`);
}

function refusePast(expiresAt: Date | undefined): void {
  if (!expiresAt || expiresAt.getTime() > Date.now()) return;
  throw new AppError('keys.expired', 'invalid', 'expires_at lies in the past.', { errors: [{ path: 'expires_at', message: 'must lie in the future' }] });
}
