import { Column, CreateDateColumn, Entity, PrimaryColumn, Unique, UpdateDateColumn } from 'typeorm';

/** How the engine speaks when a question asks for it. */
@Entity('personalities')
@Unique('uq_personalities_name', ['name'])
export class PersonalityRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_personalities' })
  id!: string;

  @Column('varchar', { length: 100 })
  name!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('text', { name: 'system_prompt' })
  systemPrompt!: string;

  @Column('varchar', { length: 200, nullable: true })
  tone!: string | null;

  @Column('varchar', { length: 255, nullable: true })
  model!: string | null;

  @Column('double precision', { nullable: true })
  temperature!: number | null;

  /** Names of tools; null: all that the principal may use. */
  @Column('text', { array: true, nullable: true })
  tools!: string[] | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
