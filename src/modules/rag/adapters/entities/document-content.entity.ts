import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../../../../platform/database/json.js';
import { Document } from './document.entity.js';

/** The text of a document, exactly as offsets of chunks and citations count it. */
@Entity('document_contents')
export class DocumentContent {
  @ForeignKey(() => Document, { name: 'fk_document_contents_document', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'document_id', primaryKeyConstraintName: 'pk_document_contents' })
  documentId!: string;

  @Column('text')
  content!: string;

  /** Where pages and blocks begin, in UTF-16 code units of `content`. */
  @Column('jsonb', { nullable: true })
  layout!: JsonValue;
}
