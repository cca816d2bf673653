import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#libs/contracts';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { ApiKeyService } from '../../platform/security/api-key.service.js';
import { requireTenant } from '../../platform/tenancy/tenant-context.js';
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

  async create(slug: string, name: string): Promise<{ tenant: Tenant; ownerKey: string }> {
    requireOperator();
    // Whoever inserts the row has made the tenant: of two callers at once only one gets an owner key.
    await this.database.control.transaction(async (manager) => {
      const claimed = await manager.getRepository(Tenant).createQueryBuilder().insert().values({ id: uuidv7(), slug, name }).orIgnore().returning('id').execute();
      if ((claimed.raw as unknown[]).length === 0) throw new AppError('tenants.slug_taken', 'conflict', `There is a tenant "${slug}" already.`);
      await this.audit.record(manager, { action: 'tenants.created', subject: slug, detail: { name } });
    });
    const tenant = await this.tenants.provision(slug, name);
    const { secret } = await this.keys.create({ tenantId: tenant.id, name: 'owner', permissions: ['*'] });
    return { tenant, ownerKey: secret };
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

function requireOperator(): void {
  if (requireTenant().slug !== defaultTenantSlug) {
    throw new AppError('tenants.operator_only', 'forbidden', 'Tenants are managed with a key of the tenant "default".');
  }
}
