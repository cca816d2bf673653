import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Database } from '../../platform/database/database.js';
import type { ApiKey } from '../../platform/security/entities/api-key.entity.js';
import { ApiKeyService } from '../../platform/security/api-key.service.js';
import { requirePrincipal, requireTenant } from '../../platform/tenancy/tenant-context.js';
import { Tenant } from '../../platform/tenancy/tenant.entity.js';
import { TenantService } from '../../platform/tenancy/tenant.service.js';
import { defaultTenantSlug } from './owner.service.js';

/** The operator's view of all tenants. Callers outside the operator's own tenant see nothing of it, whatever their key grants. */
@Injectable()
export class TenantsService {
  constructor(
    private readonly tenants: TenantService,
    private readonly keys: ApiKeyService,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Makes a tenant with its first owner key. Whoever makes that key has made the tenant: it comes last, in one transaction with the
   * record of it, so that a call that broke off in the middle is finished by the next one for the same slug.
   * @throws AppError tenants.slug_taken
   */
  async create(slug: string, name: string): Promise<{ tenant: Tenant; ownerKey: string }> {
    requireOperator();
    const known = await this.repository.findOneBy({ slug });
    if (known && (await this.keys.existIn(this.database.control.manager, known.id))) throw slugTaken(slug);
    const { id } = await this.tenants.provision(slug, name);
    return this.database.control.transaction(async (manager) => {
      // Of several callers at once one goes first here; the others find its key.
      const tenant = await manager.getRepository(Tenant).findOneOrFail({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (await this.keys.existIn(manager, id)) throw slugTaken(slug);
      await manager.getRepository(Tenant).update({ id }, { name });
      await this.audit.record(manager, { action: 'tenants.created', subject: slug, detail: { name } });
      const { secret } = await this.keys.create(manager, { tenantId: id, name: 'owner', permissions: ['*'] });
      return { tenant: { ...tenant, name }, ownerKey: secret };
    });
  }

  /**
   * Another owner key for a tenant that has lost its own. It opens all that the tenant has, so it takes a key that may do everything here;
   * both trails tell of it.
   * @throws AppError auth.forbidden, tenants.not_found
   */
  async addOwnerKey(id: string): Promise<{ key: ApiKey; secret: string }> {
    requireOperator();
    const { id: createdBy, permissions } = requirePrincipal();
    if (!permissions.has('*')) throw new AppError('auth.forbidden', 'forbidden', 'Only a key with the permission * may issue the owner key of a tenant.');
    const { slug } = await this.get(id);
    return this.database.control.transaction(async (manager) => {
      const made = await this.keys.create(manager, { tenantId: id, name: 'owner', permissions: ['*'], createdBy });
      await this.audit.record(manager, { action: 'tenants.owner_key_issued', subject: slug, detail: { key_id: made.key.id } });
      return made;
    });
  }

  async list(page: number, pageSize: number): Promise<{ items: Tenant[]; total: number }> {
    requireOperator();
    const [items, total] = await this.repository.findAndCount({ order: { createdAt: 'ASC', id: 'ASC' }, skip: (page - 1) * pageSize, take: pageSize });
    return { items, total };
  }

  async get(id: string): Promise<Tenant> {
    requireOperator();
    const tenant = await this.repository.findOneBy({ id });
    if (!tenant) throw new AppError('tenants.not_found', 'not_found', `There is no tenant ${id}.`);
    return tenant;
  }

  private get repository() {
    return this.database.control.getRepository(Tenant);
  }
}

function slugTaken(slug: string): AppError {
  return new AppError('tenants.slug_taken', 'conflict', `There is a tenant "${slug}" already.`);
}

function requireOperator(): void {
  if (requireTenant().slug !== defaultTenantSlug) {
    throw new AppError('tenants.operator_only', 'forbidden', 'Tenants are managed with a key of the tenant "default".');
  }
}
