import { Check, Column, CreateDateColumn, Entity, Generated, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from './bigint.transformer.js';

/** A change that index replicas have to follow; written by appendToIndexLog() only. */
@Entity('index_log')
@Check('ck_index_log_operation', `operation IN ('put', 'remove', 'switch')`)
export class IndexLogEntry {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'pk_index_log', transformer: bigintAsNumber })
  @Generated('increment')
  seq!: number;

  /** 0 for a switch, which is about all of them. */
  @Column('int', { name: 'document_key' })
  documentKey!: number;

  @Column('varchar', { length: 8 })
  operation!: 'put' | 'remove' | 'switch';

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
