import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
import { MigrationRunner } from '../database/migration-runner.js';
import { schemaOf } from './schema-name.js';
import { TenantNotFoundError } from './tenancy.errors.js';
import type { TenantContext } from './tenant-context.js';
import { Tenant } from './tenant.entity.js';

/** How long another process may go on with a tenant that was renamed or suspended here. */
const CACHE_MS = 10_000;

/** The tenants of this installation. */
@Injectable()
export class TenantService {
  private readonly byKey = new LRUCache<string, Tenant>({ max: 2_000, ttl: CACHE_MS });

  constructor(
    private readonly database: Database,
    private readonly migrations: MigrationRunner,
  ) {}

  /**
   * Makes a tenant: its row, its schema, its tables. Asking again for the same slug finishes what an earlier attempt left
   * half done (so does the next start) and otherwise changes nothing.
   * @throws InvalidSlugError
   * @throws MigrationFailedError
   */
  async provision(slug: string, name: string): Promise<Tenant> {
    schemaOf(slug);
    await this.database.control
      .createQueryBuilder()
      .insert()
      .into(Tenant)
      .values({ id: uuidv7(), slug, name })
      .orIgnore()
      .execute();
    await this.migrations.migrateTenant(slug);
    this.byKey.delete(slug);
    return this.bySlug(slug);
  }

  /** @throws TenantNotFoundError */
  async byId(id: string): Promise<Tenant> {
    return this.find(id, { id });
  }

  /** @throws TenantNotFoundError */
  async bySlug(slug: string): Promise<Tenant> {
    return this.find(slug, { slug });
  }

  /** All tenants that may be served, by slug. */
  async listActive(): Promise<Tenant[]> {
    return this.database.control.manager.find(Tenant, { where: { status: 'active' }, order: { slug: 'ASC' } });
  }

  private async find(key: string, where: { id: string } | { slug: string }): Promise<Tenant> {
    const cached = this.byKey.get(key);
    if (cached) return cached;
    const tenant = await this.database.control.manager.findOneBy(Tenant, where);
    if (!tenant) throw new TenantNotFoundError(key);
    this.byKey.set(tenant.id, tenant).set(tenant.slug, tenant);
    return tenant;
  }
}

/** What work on behalf of a tenant carries with it. */
export function tenantContext(tenant: Pick<Tenant, 'id' | 'slug'>): TenantContext {
  return { tenantId: tenant.id, slug: tenant.slug, schema: schemaOf(tenant.slug) };
}
