import { Column, Entity, ForeignKey, Generated, PrimaryColumn, Unique } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';
import { Document } from './document.entity.js';

/** A passage of a document: what search finds. */
@Entity('chunks')
@Unique('uq_chunks_key', ['key'])
@Unique('uq_chunks_ordinal', ['documentId', 'ordinal'])
export class Chunk {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_chunks' })
  id!: string;

  /** Number that names it inside index replicas. */
  @Column('bigint', { transformer: bigintAsNumber })
  @Generated('increment')
  key!: number;

  @ForeignKey(() => Document, { name: 'fk_chunks_document', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'document_id' })
  documentId!: string;

  /** Place in the document, from 0. */
  @Column('int')
  ordinal!: number;

  /** First UTF-16 code unit in the document's content. */
  @Column('int', { name: 'start_offset' })
  startOffset!: number;

  /** Code unit after the last one. */
  @Column('int', { name: 'end_offset' })
  endOffset!: number;

  /** From 1; null where the document has no pages. */
  @Column('int', { nullable: true })
  page!: number | null;

  /** Headings above it, outermost first. */
  @Column('text', { array: true, default: [] })
  headings!: string[];

  @Column('text')
  text!: string;

  @Column('int', { name: 'token_count' })
  tokenCount!: number;

  /** Segmented words with positions, from which keyword replicas are rebuilt without segmenting again. */
  @Column('tsvector', { nullable: true, select: false })
  tokens!: string | null;
}
