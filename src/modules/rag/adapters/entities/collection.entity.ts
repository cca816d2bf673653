import { Column, CreateDateColumn, Entity, Generated, PrimaryColumn, Unique, UpdateDateColumn } from 'typeorm';
import type { JsonObject } from '../../../../platform/database/json.js';

/** Documents that are searched together and chunked alike. */
@Entity('collections')
@Unique('uq_collections_key', ['key'])
@Unique('uq_collections_name', ['name'])
export class Collection {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_collections' })
  id!: string;

  /** Small number that names it inside index replicas. */
  @Column('int')
  @Generated('increment')
  key!: number;

  @Column('varchar', { length: 255 })
  name!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  /** Chunking settings that differ from the defaults. */
  @Column('jsonb', { default: {} })
  chunking!: JsonObject;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
