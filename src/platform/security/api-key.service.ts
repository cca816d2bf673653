import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#libs/contracts';
import { AuditLog } from '../audit/audit-log.js';
import { Database } from '../database/database.js';
import { notification, notifySql } from '../events/cluster-event-bus.js';
import { schemaOf } from '../tenancy/schema-name.js';
import { Tenant } from '../tenancy/tenant.entity.js';
import { generateApiKey, hashApiKey, prefixOf } from './api-key.js';
import { ApiKey } from './entities/api-key.entity.js';
import type { Identity } from './identity.js';

export interface NewApiKey {
  tenantId: string;
  name: string;
  permissions: string[];
  /** Id of the key in whose name it is made; absent: the program makes it, for an owner. */
  createdBy?: string;
  expiresAt?: Date;
  /** Given only for the owner key that the operator chose. */
  secret?: string;
}

/** Machine credentials of a tenant. Only hashes are stored. Changes join the transaction of the `manager` that they are given. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  async create(manager: EntityManager, wanted: NewApiKey): Promise<{ key: ApiKey; secret: string }> {
    const secret = wanted.secret ?? generateApiKey();
    const key = new ApiKey();
    Object.assign(key, {
      id: uuidv7(),
      tenantId: wanted.tenantId,
      name: wanted.name,
      prefix: prefixOf(secret),
      hash: hashApiKey(secret),
      permissions: wanted.permissions,
      createdBy: wanted.createdBy ?? null,
      expiresAt: wanted.expiresAt ?? null,
      createdAt: new Date(),
    });
    await manager.getRepository(ApiKey).insert(key);
    await this.audit.recordFor(manager, [key.tenantId], { actor: actorOf(wanted.createdBy), action: 'keys.created', subject: key.id, detail: describe(key) });
    return { key, secret };
  }

  list(tenantId: string, page: number, pageSize: number): Promise<[ApiKey[], number]> {
    return this.repository.findAndCount({ where: { tenantId }, order: { id: 'DESC' }, skip: (page - 1) * pageSize, take: pageSize });
  }

  /** The live keys that the program itself made and that may do everything; whatever callers call theirs, they are none of them. */
  async ownersOf(manager: EntityManager, tenantId: string): Promise<ApiKey[]> {
    const made = await manager.getRepository(ApiKey).findBy({ tenantId, createdBy: IsNull(), revokedAt: IsNull() });
    return made.filter(({ permissions, expiresAt }) => permissions.includes('*') && (expiresAt === null || expiresAt.getTime() > Date.now()));
  }

  /** Also one that has ended. */
  bySecret(manager: EntityManager, secret: string): Promise<ApiKey | null> {
    return manager.getRepository(ApiKey).findOneBy({ hash: hashApiKey(secret) });
  }

  /** Whether the tenant has, or ever had, a key. */
  existIn(manager: EntityManager, tenantId: string): Promise<boolean> {
    return manager.getRepository(ApiKey).existsBy({ tenantId });
  }

  /** Ends a key; one that has been revoked stays so. @param by id of the key in whose name; absent: the program */
  async revoke(manager: EntityManager, tenantId: string, id: string, by?: string): Promise<void> {
    const keys = manager.getRepository(ApiKey);
    const key = await keys.findOne({ where: { id, tenantId }, lock: { mode: 'pessimistic_write' } });
    if (!key) throw new AppError('keys.not_found', 'not_found', `There is no API key ${id}.`);
    if (key.revokedAt) return;
    await keys.update({ id }, { revokedAt: new Date() });
    await this.audit.recordFor(manager, [tenantId], { actor: actorOf(by), action: 'keys.revoked', subject: id, detail: { name: key.name, prefix: key.prefix } });
    await manager.query(notifySql, [notification('keys.changed', { tenantId })]);
  }

  /** Those of the keys that are neither revoked nor expired, in tenants that are active. */
  async stillGood(ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.database.pool.query<{ id: string }>(
      `SELECT key.id FROM public.api_keys key JOIN public.tenants tenant ON tenant.id = key.tenant_id
       WHERE key.id = ANY($1::uuid[]) AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now()) AND tenant.status = 'active'`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  findByHash(hash: Buffer): Promise<Identity | undefined> {
    return this.identityWhere('key.hash = :value', hash);
  }

  findById(id: string): Promise<Identity | undefined> {
    return this.identityWhere('key.id = :value', id);
  }

  private async identityWhere(condition: string, value: unknown): Promise<Identity | undefined> {
    const row = await this.repository
      .createQueryBuilder('key')
      .innerJoinAndMapOne('key.tenant', Tenant, 'tenant', 'tenant.id = key.tenant_id')
      .where(condition, { value })
      .andWhere('key.revoked_at IS NULL')
      .andWhere(`tenant.status = 'active'`)
      .getOne();
    if (!row) return undefined;
    const tenant = (row as ApiKey & { tenant: Tenant }).tenant;
    return {
      principal: { kind: 'api_key', id: row.id, tenantId: tenant.id, permissions: new Set(row.permissions) },
      tenant: { tenantId: tenant.id, slug: tenant.slug, schema: schemaOf(tenant.slug) },
      expiresAt: row.expiresAt?.getTime(),
    };
  }

  private get repository() {
    return this.database.control.getRepository(ApiKey);
  }
}

function actorOf(keyId: string | undefined): string {
  return keyId === undefined ? 'system:operator' : `api_key:${keyId}`;
}

function describe({ name, prefix, permissions, expiresAt }: ApiKey) {
  return { name, prefix, permissions, expires_at: expiresAt?.toISOString() ?? null };
}
