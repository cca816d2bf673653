import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { v7 as uuidv7 } from 'uuid';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { requireTenant } from '../../../platform/tenancy/tenant-context.js';
import { CollectionExistsError, CollectionNotFoundError } from '../rag.errors.js';
import { defaultCollection, type CollectionView } from '../rag.types.js';
import { noRevision } from './document-revision.sql.js';
import { Collection } from './entities/collection.entity.js';

/** Longest that another process goes on with a collection's old settings. */
const rememberMs = 5_000;

@Injectable()
export class CollectionStore {
  private readonly remembered = new LRUCache<string, Collection>({ max: 5_000, ttl: rememberMs });

  constructor(private readonly database: TenantDatabase) {}

  /** By name or id; the default collection when none is named, made at its first use. @throws CollectionNotFoundError */
  async resolve(nameOrId: string | undefined): Promise<Collection> {
    const wanted = nameOrId ?? defaultCollection;
    const slot = `${requireTenant().schema}/${wanted}`;
    const known = this.remembered.get(slot);
    if (known) return known;
    const found = await this.find(wanted);
    this.remembered.set(slot, found);
    return found;
  }

  async create(name: string, description: string | undefined, chunking: Record<string, unknown>): Promise<CollectionView> {
    return this.database.run(async (manager) => {
      const now = new Date();
      const values = { id: uuidv7(), name, description: description ?? null, chunking, createdAt: now, updatedAt: now };
      const inserted = await manager.createQueryBuilder().insert().into(Collection).values(values as never).orIgnore().returning('id').execute();
      if ((inserted.raw as unknown[]).length === 0) throw new CollectionExistsError(name);
      return this.get(values.id);
    });
  }

  async update(id: string, change: Partial<Pick<Collection, 'name' | 'description' | 'chunking'>>): Promise<CollectionView> {
    await this.database.run(async (manager) => {
      const clash = change.name !== undefined && (await manager.findOneBy(Collection, { name: change.name }));
      if (clash && clash.id !== id) throw new CollectionExistsError(clash.name);
      const result = await manager.update(Collection, { id }, { ...change, updatedAt: new Date() } as never);
      if (!result.affected) throw new CollectionNotFoundError(id);
    });
    this.remembered.clear();
    return this.get(id);
  }

  /** Only an empty collection: its documents are deleted first. @returns false while it holds documents */
  async remove(id: string): Promise<boolean> {
    const rows = await this.database.query((sql) => `DELETE FROM ${sql.table('collections')} c WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM ${sql.table('documents')} d WHERE d.collection_id = c.id) RETURNING id`, [id]);
    this.remembered.clear();
    return rows.length > 0;
  }

  async get(id: string): Promise<CollectionView> {
    const [view] = await this.views('WHERE c.id = $1', [id]);
    if (!view) throw new CollectionNotFoundError(id);
    return view;
  }

  async list(page: number, pageSize: number): Promise<{ items: CollectionView[]; total: number }> {
    const total = await this.database.run((manager) => manager.count(Collection));
    const items = await this.views('', [pageSize, (page - 1) * pageSize], 'LIMIT $1 OFFSET $2');
    return { items, total };
  }

  /** Of all collections, by name; without their documents' number, which takes time to count. */
  names(limit: number): Promise<Pick<Collection, 'id' | 'name' | 'createdAt'>[]> {
    return this.database.run((manager) => manager.find(Collection, { select: { id: true, name: true, createdAt: true }, order: { name: 'ASC' }, take: limit }));
  }

  private async find(wanted: string): Promise<Collection> {
    const byId = /^[0-9a-f-]{36}$/i.test(wanted);
    const found = await this.database.run((manager) => manager.findOneBy(Collection, byId ? { id: wanted } : { name: wanted }));
    if (found) return found;
    if (wanted !== defaultCollection) throw new CollectionNotFoundError(wanted);
    await this.create(defaultCollection, 'Documents that name no collection', {}).catch((error: unknown) => {
      if (!(error instanceof CollectionExistsError)) throw error;
    });
    return this.find(wanted);
  }

  private views(where: string, parameters: unknown[], page = ''): Promise<CollectionView[]> {
    return this.database.query<CollectionView>(
      (sql) => `SELECT c.id, c.key, c.name, c.description, c.chunking, c.created_at AS "createdAt", c.updated_at AS "updatedAt",
                       (SELECT count(*)::int FROM ${sql.table('documents')} d WHERE d.collection_id = c.id AND d.status <> 'deleting' AND d.${noRevision}) AS "documentCount",
                       (SELECT count(*)::int FROM ${sql.table('documents')} d WHERE d.collection_id = c.id AND NOT (d.${noRevision})) AS reprocessing
                FROM ${sql.table('collections')} c ${where} ORDER BY c.id ${page}`,
      parameters,
    );
  }
}
