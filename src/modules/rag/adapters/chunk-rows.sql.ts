import { v7 as uuidv7 } from 'uuid';
import type { PreparedChunk } from '#libs/ingestion';
import type { SchemaSql } from '../../../platform/tenancy/schema-name.js';
import { packVectors } from './vector-bytes.js';

/** CTEs that write chunks with their vectors for the document in `lease`; parameters from $3, see chunkParameters(). The first vector decides what searches compare in. */
export function insertChunks(sql: SchemaSql): string {
  return `written AS (
            INSERT INTO ${sql.table('chunks')} (id, document_id, ordinal, start_offset, end_offset, page, headings, text, token_count, tokens)
            SELECT row.id, lease.id, ordinal, s, e, page, ARRAY(SELECT jsonb_array_elements_text(headings)), text, token_count, tokens
            FROM lease, unnest($3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[], $8::jsonb[], $9::text[], $10::int[], $11::tsvector[])
              AS row (id, ordinal, s, e, page, headings, text, token_count, tokens) RETURNING key, ordinal),
          vectors AS (
            INSERT INTO ${sql.table('chunk_vectors')} (chunk_key, space, vector) SELECT key, $15, substr($13::bytea, at, $14)
            FROM written JOIN unnest($4::int[], $12::int[]) AS place (ordinal, at) USING (ordinal) WHERE at IS NOT NULL),
          first AS (UPDATE ${sql.table('index_state')} SET vector_space = $15 WHERE vector_space IS NULL)`;
}

export function chunkParameters(chunks: PreparedChunk[], vectors: (Float32Array | undefined)[], vectorSpace: string): unknown[] {
  const column = <T>(pick: (chunk: PreparedChunk) => T): T[] => chunks.map(pick);
  const packed = packVectors(vectors);
  return [
    column(() => uuidv7()),
    column((chunk) => chunk.ordinal),
    column((chunk) => chunk.start),
    column((chunk) => chunk.end),
    column((chunk) => chunk.page ?? null),
    column((chunk) => JSON.stringify(chunk.headings)),
    column((chunk) => chunk.text),
    column((chunk) => chunk.tokenCount),
    column((chunk) => chunk.tokens),
    packed.at,
    packed.bytes,
    packed.size,
    vectorSpace,
  ];
}

/** A CTE that adds vectors of another embedding to chunks of the document in `lease`; parameters from $3, see vectorParameters(). */
export function insertVectors(sql: SchemaSql): string {
  return `vectors AS (
            INSERT INTO ${sql.table('chunk_vectors')} (chunk_key, space, vector) SELECT ch.key, $3, substr($4::bytea, at, $5)
            FROM lease JOIN ${sql.table('chunks')} ch ON ch.document_id = lease.id JOIN unnest($6::int[], $7::int[]) AS place (ordinal, at) USING (ordinal)
            ON CONFLICT DO NOTHING)`;
}

export function vectorParameters(chunks: PreparedChunk[], vectors: Float32Array[], vectorSpace: string): unknown[] {
  const { bytes, size, at } = packVectors(vectors);
  return [vectorSpace, bytes, size, chunks.map(({ ordinal }) => ordinal), at];
}
