import type { MigrationInterface, QueryRunner } from 'typeorm';

// key: small number by which index replicas name a collection, a document or a chunk; never used again.
const COLLECTIONS = `
  CREATE TABLE collections (
    id uuid CONSTRAINT pk_collections PRIMARY KEY,
    key serial NOT NULL CONSTRAINT uq_collections_key UNIQUE,
    name varchar(255) NOT NULL CONSTRAINT uq_collections_name UNIQUE,
    description text,
    chunking jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  )`;

// bytes: size of the uploaded file or of the text in UTF-8. content_hash: SHA-256 that decides whether the same content is
// there already. lease_*: which process works on the document, and until when it may be taken for alive.
const DOCUMENTS = `
  CREATE TABLE documents (
    id uuid CONSTRAINT pk_documents PRIMARY KEY,
    key serial NOT NULL CONSTRAINT uq_documents_key UNIQUE,
    collection_id uuid NOT NULL CONSTRAINT fk_documents_collection REFERENCES collections (id),
    title text NOT NULL,
    source text,
    mime varchar(255),
    filename text,
    bytes bigint NOT NULL DEFAULT 0,
    pages int,
    chunk_count int NOT NULL DEFAULT 0,
    content_hash bytea,
    status varchar(12) NOT NULL DEFAULT 'queued',
    error jsonb,
    metadata jsonb NOT NULL DEFAULT '{}',
    warnings jsonb NOT NULL DEFAULT '[]',
    file_path text,
    task_id uuid,
    attempts int NOT NULL DEFAULT 0,
    lease_owner uuid,
    lease_until timestamptz,
    progress jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_documents_status CHECK (status IN ('queued', 'processing', 'ready', 'failed', 'deleting'))
  )`;

// A table of its own keeps listings cheap. layout: page starts and blocks as character offsets into content.
const DOCUMENT_CONTENTS = `
  CREATE TABLE document_contents (
    document_id uuid CONSTRAINT pk_document_contents PRIMARY KEY
      CONSTRAINT fk_document_contents_document REFERENCES documents (id) ON DELETE CASCADE,
    content text NOT NULL,
    layout jsonb
  )`;

// start_offset, end_offset: UTF-16 code units into the document's content, end exclusive. page: from 1.
// vector: little-endian floats of the space named beside it. tokens: what keyword replicas are rebuilt from.
const CHUNKS = `
  CREATE TABLE chunks (
    id uuid CONSTRAINT pk_chunks PRIMARY KEY,
    key bigserial NOT NULL CONSTRAINT uq_chunks_key UNIQUE,
    document_id uuid NOT NULL CONSTRAINT fk_chunks_document REFERENCES documents (id) ON DELETE CASCADE,
    ordinal int NOT NULL,
    start_offset int NOT NULL,
    end_offset int NOT NULL,
    page int,
    headings text[] NOT NULL DEFAULT '{}',
    text text NOT NULL,
    token_count int NOT NULL,
    tokens tsvector,
    vector bytea,
    vector_space varchar(255)
  )`;

// Two uploads of the same content at once: the second insert waits for the first and then conflicts (ON CONFLICT DO NOTHING
// tells which). A failed document, or one that is being deleted, does not keep its content from being ingested again.
const SAME_CONTENT = `
  CREATE UNIQUE INDEX uq_documents_content ON documents (collection_id, content_hash)
  WHERE status NOT IN ('failed', 'deleting')`;

/** Collections, documents, their content and their chunks. */
export class Documents1795219200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLLECTIONS);
    await runner.query(DOCUMENTS);
    await runner.query('CREATE INDEX idx_documents_status ON documents (status, created_at)');
    await runner.query('CREATE INDEX idx_documents_collection ON documents (collection_id)');
    await runner.query('CREATE INDEX idx_documents_metadata ON documents USING gin (metadata jsonb_path_ops)');
    await runner.query(SAME_CONTENT);
    await runner.query(DOCUMENT_CONTENTS);
    await runner.query(CHUNKS);
    // Vectors do not compress: storing them as they are saves the attempt at every write.
    await runner.query('ALTER TABLE chunks ALTER vector SET STORAGE EXTERNAL');
    await runner.query('CREATE INDEX idx_chunks_document ON chunks (document_id, ordinal)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chunks, document_contents, documents, collections');
  }
}
