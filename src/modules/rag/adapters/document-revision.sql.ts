import type { EntityManager } from 'typeorm';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';

/** A document is no revision of another one that is to take its place; conditions on `documents` that people see. */
export const noRevision = 'replaces IS NULL';

/**
 * Puts what an attempt at a revision has made in the place of the document's chunks and content; the document keeps its id. Part of a transaction.
 * @returns the document's key; undefined when the revision is not the attempt's any more, or its document is gone
 */
export async function putInPlace(manager: EntityManager, sql: SchemaSql, { documentId, token }: { documentId: string; token: string }, chunkCount: number): Promise<number | undefined> {
  const [documents, chunks, contents] = ['documents', 'chunks', 'document_contents'].map((table) => sql.table(table));
  const query = async <Row>(text: string, parameters: unknown[]) => (await manager.queryRunner?.query(text, parameters, true))?.records as Row[];
  // The document first, as whoever deletes it does.
  await query(`SELECT 1 FROM ${documents} WHERE id = (SELECT replaces FROM ${documents} WHERE id = $1) FOR UPDATE`, [documentId]);
  const [revision] = await query<{ replaces: string }>(`SELECT replaces FROM ${documents} WHERE id = $1 AND lease_token = $2 AND replaces IS NOT NULL FOR UPDATE`, [documentId, token]);
  if (!revision) return undefined;
  for (const table of [chunks, contents]) {
    await query(`DELETE FROM ${table} WHERE document_id = $1`, [revision.replaces]);
    await query(`UPDATE ${table} SET document_id = $2 WHERE document_id = $1`, [documentId, revision.replaces]);
  }
  const [row] = await query<{ key: number }>(
    `UPDATE ${documents} d SET chunk_count = $2, mime = r.mime, pages = r.pages, warnings = r.warnings, analyser = r.analyser, updated_at = now()
     FROM ${documents} r WHERE r.id = $1 AND d.id = r.replaces RETURNING d.key`,
    [documentId, chunkCount],
  );
  await query(`DELETE FROM ${documents} WHERE id = $1`, [documentId]);
  return row?.key;
}

/** Ends an attempt at a revision that cannot be made: the document stays as it is, with a warning. Parameters: id, token, warning. */
export function dropRevision(sql: SchemaSql): string {
  return `WITH gone AS (DELETE FROM ${sql.table('documents')} WHERE id = $1 AND lease_token = $2 RETURNING replaces)
          UPDATE ${sql.table('documents')} d SET warnings = warnings || $3::jsonb, updated_at = now() FROM gone WHERE d.id = gone.replaces`;
}

/** One revision of every ready document of the collection $1 that has none. @returns one row, with their number */
export function queueRevisions(sql: SchemaSql): string {
  // A title that is the file's name was no part of what was searched, and is none now.
  return `WITH queued AS (
            INSERT INTO ${sql.table('documents')} (id, collection_id, title, mime, filename, bytes, file_path, status, replaces)
            SELECT gen_random_uuid(), collection_id, CASE WHEN title = filename THEN '' ELSE title END, mime, filename, bytes, file_path, 'queued', id
            FROM ${sql.table('documents')} WHERE collection_id = $1 AND status = 'ready' AND ${noRevision}
            ON CONFLICT DO NOTHING RETURNING 1)
          SELECT count(*)::int AS queued FROM queued`;
}
