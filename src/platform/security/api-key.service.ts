import { Injectable } from '@nestjs/common';
import { ArrayContains, In, IsNull, type EntityManager } from 'typeorm';
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
  /** Absent: it ends with the key in whose name it is made, if that one ends. */
  expiresAt?: Date;
  /** Given only for the owner key that the operator chose. */
  secret?: string;
}

export interface ApiKeyChange {
  name?: string;
  permissions?: string[];
  /** null: never. */
  expiresAt?: Date | null;
}

/** Machine credentials of a tenant. Only hashes are stored. Changes join the transaction of the `manager` that they are given. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** @throws AppError keys.outlives_creator */
  async create(manager: EntityManager, wanted: NewApiKey): Promise<{ key: ApiKey; secret: string }> {
    const limit = await this.endOf(manager, wanted.createdBy);
    const expiresAt = wanted.expiresAt ?? limit;
    refuseLaterThan(limit, expiresAt);
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
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
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
    return (await manager.getRepository(ApiKey).findBy({ tenantId, createdBy: IsNull(), revokedAt: IsNull() })).filter(isLiveOwner);
  }

  /** Also one that has ended. */
  bySecret(manager: EntityManager, secret: string): Promise<ApiKey | null> {
    return manager.getRepository(ApiKey).findOneBy({ hash: hashApiKey(secret) });
  }

  /** Whether the tenant has, or ever had, a key. */
  existIn(manager: EntityManager, tenantId: string): Promise<boolean> {
    return manager.getRepository(ApiKey).existsBy({ tenantId });
  }

  /** @throws AppError keys.not_found */
  async get(manager: EntityManager, tenantId: string, id: string): Promise<ApiKey> {
    const key = await manager.getRepository(ApiKey).findOneBy({ id, tenantId });
    if (!key) throw new AppError('keys.not_found', 'not_found', `There is no API key ${id}.`);
    return key;
  }

  /** Changes of a tenant's keys go one after the other: two at once could each leave the other's owner key as the last one. */
  async lockAll(manager: EntityManager, tenantId: string): Promise<void> {
    await manager.query('SELECT 1 FROM public.tenants WHERE id = $1 FOR NO KEY UPDATE', [tenantId]);
  }

  /** Keys that were made in the name of this one, and in theirs. */
  async descendantsOf(manager: EntityManager, { id, tenantId }: ApiKey): Promise<ApiKey[]> {
    const ids = await manager.query<{ id: string }[]>(
      `WITH RECURSIVE made (id) AS (
         SELECT id FROM public.api_keys WHERE tenant_id = $1 AND created_by = $2::text
         UNION SELECT key.id FROM public.api_keys key JOIN made ON key.created_by = made.id::text WHERE key.tenant_id = $1
       ) SELECT id FROM made`,
      [tenantId, id],
    );
    return manager.getRepository(ApiKey).findBy({ tenantId, id: In(ids.map((row) => row.id)) });
  }

  /**
   * @param by id of the key in whose name
   * @throws AppError keys.outlives_creator, keys.last_owner
   */
  async change(manager: EntityManager, key: ApiKey, change: ApiKeyChange, by: string): Promise<ApiKey> {
    if (change.expiresAt !== undefined) refuseLaterThan(await this.endOf(manager, by), change.expiresAt);
    const changed = Object.assign(new ApiKey(), key, change);
    await manager.getRepository(ApiKey).update({ id: key.id }, change);
    if (isLiveOwner(key)) await this.requireOwner(manager, key.tenantId);
    await this.audit.recordFor(manager, [key.tenantId], { actor: actorOf(by), action: 'keys.changed', subject: key.id, detail: { from: describe(key), to: describe(changed) } });
    await manager.query(notifySql, [notification('keys.changed', { tenantId: key.tenantId })]);
    return changed;
  }

  /**
   * Ends a key, and with it `others` of its tenant; those that have been revoked stay so.
   * @param by id of the key in whose name; absent: the program, which has or makes another owner key
   * @throws AppError keys.last_owner
   */
  async revoke(manager: EntityManager, key: ApiKey, others: readonly ApiKey[] = [], by?: string): Promise<void> {
    const ending = [key, ...others].filter(({ revokedAt }) => revokedAt === null);
    if (ending.length === 0) return;
    const { id, tenantId, name, prefix } = key;
    await manager.getRepository(ApiKey).update({ id: In(ending.map((one) => one.id)) }, { revokedAt: new Date() });
    if (by !== undefined && ending.some(isLiveOwner)) await this.requireOwner(manager, tenantId);
    const detail = { name, prefix, ...(others.length > 0 ? { with_children: others.map((one) => one.id) } : {}) };
    await this.audit.recordFor(manager, [tenantId], { actor: actorOf(by), action: 'keys.revoked', subject: id, detail });
    await manager.query(notifySql, [notification('keys.changed', { tenantId })]);
  }

  /** Those whose key and token are neither revoked nor expired, in tenants that are active. */
  async stillGood(identities: readonly Identity[]): Promise<Set<Identity>> {
    const { rows } = await this.database.pool.query<{ place: number }>(
      `SELECT seen.place::int AS place FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS seen (key_id, token_id, place)
       JOIN public.api_keys key ON key.id = seen.key_id JOIN public.tenants tenant ON tenant.id = key.tenant_id
       WHERE key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now()) AND tenant.status = 'active'
         AND NOT EXISTS (SELECT 1 FROM public.revoked_tokens revoked WHERE revoked.id = seen.token_id)`,
      [identities.map(({ principal }) => principal.id), identities.map(({ tokenId }) => tokenId ?? null)],
    );
    const places = new Set(rows.map(({ place }) => place));
    return new Set(identities.filter((identity, index) => places.has(index + 1) && (identity.expiresAt ?? Infinity) > Date.now()));
  }

  findByHash(hash: Buffer): Promise<Identity | undefined> {
    return this.identityWhere('key.hash = :hash', { hash });
  }

  /** Who a token was issued for, unless it was revoked. */
  findByToken({ keyId, tokenId }: { keyId: string; tokenId: string }): Promise<Identity | undefined> {
    return this.identityWhere('key.id = :keyId AND NOT EXISTS (SELECT 1 FROM public.revoked_tokens revoked WHERE revoked.id = :tokenId)', { keyId, tokenId });
  }

  private async identityWhere(condition: string, values: Record<string, unknown>): Promise<Identity | undefined> {
    const row = await this.repository
      .createQueryBuilder('key')
      .innerJoinAndMapOne('key.tenant', Tenant, 'tenant', 'tenant.id = key.tenant_id')
      .where(condition, values)
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

  /** Without a key that may do everything nobody could make, change or end any key of the tenant. */
  private async requireOwner(manager: EntityManager, tenantId: string): Promise<void> {
    const left = await manager.getRepository(ApiKey).findBy({ tenantId, revokedAt: IsNull(), permissions: ArrayContains(['*']) });
    if (!left.some(isLiveOwner)) throw new AppError('keys.last_owner', 'conflict', 'This is the last key of the tenant that may do everything. Create another one with the permission * first.');
  }

  /** When the key ends by itself. */
  private async endOf(manager: EntityManager, id: string | undefined): Promise<Date | null> {
    return id === undefined ? null : ((await manager.getRepository(ApiKey).findOneBy({ id }))?.expiresAt ?? null);
  }

  private get repository() {
    return this.database.control.getRepository(ApiKey);
  }
}

function isLiveOwner({ permissions, expiresAt, revokedAt }: ApiKey): boolean {
  return permissions.includes('*') && revokedAt === null && (expiresAt === null || expiresAt.getTime() > Date.now());
}

/** A key with an end could make itself endless by a child. */
function refuseLaterThan(limit: Date | null, expiresAt: Date | null): void {
  if (limit === null || (expiresAt !== null && expiresAt <= limit)) return;
  const message = `must not be later than ${limit.toISOString()}, when your own key ends`;
  throw new AppError('keys.outlives_creator', 'invalid', `expires_at ${message}.`, { errors: [{ path: 'expires_at', message }] });
}

function actorOf(keyId: string | undefined): string {
  return keyId === undefined ? 'system:operator' : `api_key:${keyId}`;
}

function describe({ name, prefix, permissions, expiresAt }: ApiKey) {
  return { name, prefix, permissions, expires_at: expiresAt?.toISOString() ?? null };
}
