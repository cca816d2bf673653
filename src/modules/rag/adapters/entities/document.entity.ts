import { Check, Column, CreateDateColumn, Entity, ForeignKey, Generated, Index, PrimaryColumn, Unique, UpdateDateColumn } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';
import type { JsonObject, JsonValue } from '../../../../platform/database/json.js';
import { Collection } from './collection.entity.js';

export type DocumentStatus = 'queued' | 'processing' | 'ready' | 'failed' | 'deleting';

/** A document of a collection; its text is in DocumentContent, so that lists stay cheap. */
@Entity('documents')
@Unique('uq_documents_key', ['key'])
@Index('idx_documents_status', ['status', 'createdAt'])
@Index('idx_documents_collection', ['collectionId'])
@Index('idx_documents_metadata', { synchronize: false })
@Index('uq_documents_content', ['collectionId', 'contentHash'], {
  unique: true,
  where: `status NOT IN ('failed', 'deleting')`,
})
@Index('uq_documents_replaces', ['replaces'], { unique: true, where: 'replaces IS NOT NULL' })
@Check('ck_documents_status', `status IN ('queued', 'processing', 'ready', 'failed', 'deleting')`)
export class Document {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_documents' })
  id!: string;

  /** Small number that names it inside index replicas. */
  @Column('int')
  @Generated('increment')
  key!: number;

  @ForeignKey(() => Collection, { name: 'fk_documents_collection' })
  @Column('uuid', { name: 'collection_id' })
  collectionId!: string;

  @Column('text')
  title!: string;

  @Column('text', { nullable: true })
  source!: string | null;

  @Column('varchar', { length: 255, nullable: true })
  mime!: string | null;

  @Column('text', { nullable: true })
  filename!: string | null;

  /** Size of the uploaded file, or of the text in UTF-8. */
  @Column('bigint', { default: 0, transformer: bigintAsNumber })
  bytes!: number;

  @Column('int', { nullable: true })
  pages!: number | null;

  @Column('int', { name: 'chunk_count', default: 0 })
  chunkCount!: number;

  /** SHA-256 of the content, 32 bytes; null until it was read. */
  @Column('bytea', { name: 'content_hash', nullable: true })
  contentHash!: Buffer | null;

  @Column('varchar', { length: 12, default: 'queued' })
  status!: DocumentStatus;

  /** Why it failed, as code and message. */
  @Column('jsonb', { nullable: true })
  error!: { code: string; message: string } | null;

  @Column('jsonb', { default: {} })
  metadata!: JsonObject;

  /** What a reader should know about the parsing, e.g. pages without text. */
  @Column('jsonb', { default: [] })
  warnings!: JsonValue[];

  /** Which version of the text analysis, and of the user dictionary, made its terms; null before there were any. */
  @Column('varchar', { length: 64, nullable: true })
  analyser!: string | null;

  /** Where the uploaded file lies in the file storage. */
  @Column('text', { name: 'file_path', nullable: true })
  filePath!: string | null;

  @Column('uuid', { name: 'task_id', nullable: true })
  taskId!: string | null;

  /** Claims so far, without those that were given back or put off. */
  @Column('int', { default: 0 })
  attempts!: number;

  /** How often it was put off for a reason that is not in it. */
  @Column('int', { default: 0 })
  pauses!: number;

  /** Not before then is it taken again. */
  @Column('timestamptz', { name: 'run_after', default: () => 'now()' })
  runAfter!: Date;

  /** The process that works on it. */
  @Column('uuid', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  /** The attempt whose writes count; null while nobody works on it. */
  @Column('uuid', { name: 'lease_token', nullable: true })
  leaseToken!: string | null;

  /** Until when that process may be taken for alive. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** The document whose place this row takes when it is processed. Until then nobody sees it. */
  @ForeignKey(() => Document, { name: 'fk_documents_replaces', onDelete: 'CASCADE' })
  @Column('uuid', { nullable: true })
  replaces!: string | null;

  @Column('jsonb', { nullable: true })
  progress!: JsonObject | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
