import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Known } from '#libs/memory';
import { limitOf, toPage, type Page, type PageStart } from '../../../platform/database/page.js';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { raiseErased } from './memory-version.sql.js';
import type { MemoryChange, MemoryHistoryView, MemoryScope, MemoryView } from '../memory.types.js';

export interface NewMemory {
  id: string;
  text: string;
  hash: string;
  attribute: string | null;
  terms: string[];
  vector: Float32Array | undefined;
  vectorSpace: string | null;
  metadata: Record<string, unknown>;
  expiresAt: Date | null;
}

/** What may change of a memory; what is undefined stays. */
export type MemoryPatch = Partial<Omit<NewMemory, 'id'>>;

/** Memories that a new one is compared with: those that have most in common with it. */
const mostCompared = 200;
/** Rows of one statement, with their vectors: the driver writes them within some milliseconds. */
const rewrittenAtOnce = 100;

const view = `id, text, user_id AS "userId", agent_id AS "agentId", app_id AS "appId", run_id AS "runId", hash, metadata, created_at AS "createdAt", updated_at AS "updatedAt", expires_at AS "expiresAt"`;
const alive = 'deleted_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

/** Conditions of a scope; the owner always comes first. Ids that are undefined are not asked for. */
function within({ ownerId, userId, agentId, appId, runId }: MemoryScope): { where: string; parameters: unknown[] } {
  const given = Object.entries({ user_id: userId, agent_id: agentId, app_id: appId, run_id: runId }).filter(([, value]) => value !== undefined);
  return { where: ['owner_id = $1', ...given.map(([column], at) => `${column} = $${at + 2}`)].join(' AND '), parameters: [ownerId, ...given.map(([, value]) => value)] };
}

const bytesOf = (vector: Float32Array | undefined): Buffer | null => (vector ? Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength) : null);

/** What is changed under lock() belongs to the version that lock() has made. */
const newVersion = (sql: SchemaSql): string => `version = (SELECT v.version FROM ${sql.table('memory_versions')} v WHERE v.owner_id = ${sql.table('memories')}.owner_id AND v.user_id = ${sql.table('memories')}.user_id)`;

/** Memories by their owner: another principal's id finds nothing. */
@Injectable()
export class MemoryStore {
  constructor(private readonly database: TenantDatabase) {}

  /** Makes the writers of a user's memories wait for each other, and what is cached of them old. Inside of a transaction, once. */
  async lock(ownerId: string, userIds: readonly string[]): Promise<void> {
    await this.database.query(
      // In one order: two who lock several never wait for each other.
      (sql) => `INSERT INTO ${sql.table('memory_versions')} AS v (owner_id, user_id) SELECT $1, user_id FROM unnest($2::varchar[]) AS user_id ORDER BY user_id
                ON CONFLICT (owner_id, user_id) DO UPDATE SET version = v.version + 1`,
      [ownerId, userIds],
    );
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /**
   * Those that new memories may repeat or contradict: with the same text or attribute, then those that share most words. Exactly the
   * scope: an id that is undefined means none.
   */
  async known(scope: MemoryScope, news: readonly NewMemory[]): Promise<Known[]> {
    const { where, parameters } = within({ userId: '', agentId: '', appId: '', runId: '', ...withoutUndefined(scope) });
    const [hashes, attributes, terms] = [news.map(({ hash }) => hash), news.flatMap(({ attribute }) => attribute ?? []), [...new Set(news.flatMap((memory) => memory.terms))]];
    return this.database.query<Known>(
      (sql) => `SELECT id, text, hash, terms, attribute FROM ${sql.table('memories')} WHERE ${where} AND ${alive} AND (hash = ANY($6) OR attribute = ANY($7) OR terms && $8)
                ORDER BY hash = ANY($6) OR coalesce(attribute = ANY($7), false) DESC, (SELECT count(*) FROM unnest(terms) AS term WHERE term = ANY($8)) DESC, id DESC LIMIT ${mostCompared}`,
      [...parameters, hashes, attributes, terms],
    );
  }

  /** Hashes of the texts that were forgotten one by one since then. */
  async forgottenSince(scope: MemoryScope, since: Date): Promise<Set<string>> {
    const { where, parameters } = within({ userId: '', ...withoutUndefined(scope) });
    const rows = await this.database.query<{ hash: string }>((sql) => `SELECT hash FROM ${sql.table('memories')} WHERE ${where} AND deleted_at >= $${parameters.length + 1}`, [...parameters, since]);
    return new Set(rows.map(({ hash }) => hash));
  }

  async insert({ ownerId, userId = '', agentId = '', appId = '', runId = '' }: MemoryScope, memory: NewMemory): Promise<void> {
    const { id, text, hash, attribute, terms, vector, vectorSpace, metadata, expiresAt } = memory;
    await this.database.query(
      (sql) => `INSERT INTO ${sql.table('memories')} (owner_id, user_id, agent_id, app_id, run_id, id, text, hash, attribute, terms, vector, vector_space, metadata, expires_at, version)
                VALUES ($1::varchar, $2::varchar, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, (SELECT version FROM ${sql.table('memory_versions')} WHERE owner_id = $1::varchar AND user_id = $2::varchar))`,
      [ownerId, userId, agentId, appId, runId, id, text, hash, attribute, terms, bytesOf(vector), vector ? vectorSpace : null, JSON.stringify(metadata), expiresAt],
    );
    await this.record([{ id, event: 'ADD', oldText: null, newText: text }]);
  }

  async update(id: string, ownerId: string, patch: MemoryPatch): Promise<MemoryView | undefined> {
    const columns = { text: patch.text, hash: patch.hash, attribute: patch.attribute, terms: patch.terms, expires_at: patch.expiresAt, metadata: patch.metadata && JSON.stringify(patch.metadata) };
    const vectors = patch.text === undefined ? {} : { vector: bytesOf(patch.vector), vector_space: patch.vector ? patch.vectorSpace : null };
    const set = Object.entries({ ...columns, ...vectors }).filter(([, value]) => value !== undefined);
    const assignments = ['updated_at = now()', ...set.map(([column], at) => `${column} = $${at + 3}`)].join(', ');
    const [row] = await this.database.query<MemoryView>(
      (sql) => `UPDATE ${sql.table('memories')} SET ${assignments}, ${newVersion(sql)} WHERE id = $1 AND owner_id = $2 AND ${alive} RETURNING ${view}`,
      [id, ownerId, ...set.map(([, value]) => value)],
    );
    return row;
  }

  /** Those that can be seen, in no order. */
  find(ids: readonly string[], ownerId: string): Promise<MemoryView[]> {
    return this.database.query<MemoryView>((sql) => `SELECT ${view} FROM ${sql.table('memories')} WHERE id = ANY($1::uuid[]) AND owner_id = $2 AND ${alive}`, [ids, ownerId]);
  }

  /** Newest first; cursors are ids. */
  async list(scope: MemoryScope, start: PageStart): Promise<Page<MemoryView>> {
    const { where, parameters } = within(scope);
    const [counted] = await this.database.query<{ total: number }>((sql) => `SELECT count(*)::int AS total FROM ${sql.table('memories')} WHERE ${where} AND ${alive}`, parameters);
    const after = start.cursor === undefined ? '' : `AND id < $${parameters.length + 1}`;
    const rows = await this.database.query<MemoryView>(
      (sql) => `SELECT ${view} FROM ${sql.table('memories')} WHERE ${where} AND ${alive} ${after} ORDER BY id DESC ${limitOf(start)}`,
      [...parameters, ...(start.cursor === undefined ? [] : [start.cursor])],
    );
    return toPage(rows, counted?.total ?? 0, start, ({ id }) => id);
  }

  /** Other texts for many, a statement for each hundred. */
  async rewrite(news: readonly NewMemory[], ownerId: string): Promise<void> {
    for (let from = 0; from < news.length; from += rewrittenAtOnce) {
      const some = news.slice(from, from + rewrittenAtOnce);
      const columns = [some.map(({ id }) => id), some.map(({ text }) => text), some.map(({ hash }) => hash), some.map(({ terms }) => JSON.stringify(terms)), some.map(({ vector }) => bytesOf(vector))];
      await this.database.query(
        (sql) => `UPDATE ${sql.table('memories')} SET text = n.text, hash = n.hash, attribute = NULL, terms = ARRAY(SELECT jsonb_array_elements_text(n.terms)), vector = n.vector,
                    vector_space = CASE WHEN n.vector IS NOT NULL THEN $2::varchar END, updated_at = now(), ${newVersion(sql)}
                  FROM unnest($3::uuid[], $4::text[], $5::text[], $6::jsonb[], $7::bytea[]) AS n (id, text, hash, terms, vector)
                  WHERE ${sql.table('memories')}.id = n.id AND owner_id = $1 AND ${alive}`,
        [ownerId, some[0]?.vectorSpace ?? null, ...columns],
      );
    }
  }

  /** Out of sight at once; the rows and their history go with the sweep. */
  async forget(memories: readonly MemoryView[], ownerId: string): Promise<void> {
    const ids = memories.map(({ id }) => id);
    await this.database.query((sql) => `UPDATE ${sql.table('memories')} SET deleted_at = now(), ${newVersion(sql)} WHERE id = ANY($1::uuid[]) AND owner_id = $2 AND deleted_at IS NULL`, [ids, ownerId]);
    await this.record(memories.map(({ id, text }) => ({ id, event: 'DELETE', oldText: text, newText: null })));
  }

  /** With their history and the turns that wait, at once and for good. In a transaction. @returns how many could be seen before */
  async erase(scope: MemoryScope): Promise<number> {
    const { where, parameters } = within(scope);
    // First: a turn that is being learnt from is waited for here, and what it brings is seen by the statements that follow.
    if (!scope.agentId && !scope.appId && !scope.runId) await this.eraseTurns(scope);
    await this.database.query((sql) => raiseErased(sql, 'owner_id = $1'), [scope.ownerId]);
    const rows = await this.database.query<{ alive: boolean }>((sql) => `DELETE FROM ${sql.table('memories')} WHERE ${where} RETURNING (${alive}) AS alive`, parameters);
    return rows.filter((row) => row.alive).length;
  }

  private async eraseTurns({ ownerId, userId }: MemoryScope): Promise<void> {
    const given = userId === undefined ? [] : [userId];
    await this.database.query((sql) => `DELETE FROM ${sql.table('memory_turns')} WHERE owner_id = $1 ${userId === undefined ? '' : 'AND user_id = $2'}`, [ownerId, ...given]);
  }

  /** Changes of memories, for their history. */
  async record(changes: readonly { id: string; event: MemoryChange['event']; oldText: string | null; newText: string | null }[]): Promise<void> {
    const columns = [changes.map(() => uuidv7()), changes.map(({ id }) => id), changes.map(({ event }) => event), changes.map(({ oldText }) => oldText), changes.map(({ newText }) => newText)];
    await this.database.query(
      (sql) => `INSERT INTO ${sql.table('memory_history')} (id, memory_id, event, old_text, new_text) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::varchar[], $4::text[], $5::text[])`,
      columns,
    );
  }

  /** Oldest first, of a forgotten memory too while it is there; undefined when there is (for this owner) no such memory. */
  async history(id: string, ownerId: string): Promise<MemoryHistoryView[] | undefined> {
    const rows = await this.database.query<MemoryHistoryView>(
      (sql) => `SELECT h.id, h.event, h.old_text AS "oldText", h.new_text AS "newText", h.created_at AS "createdAt"
                FROM ${sql.table('memory_history')} h JOIN ${sql.table('memories')} m ON m.id = h.memory_id
                WHERE m.id = $1 AND m.owner_id = $2 ORDER BY h.id`,
      [id, ownerId],
    );
    return rows.length > 0 ? rows : undefined;
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
