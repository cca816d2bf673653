import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';
import type { JsonObject } from '../../../../platform/database/json.js';

/** Something that is remembered about a user. */
@Entity('memories')
@Index('idx_memories_owner', ['ownerId', 'userId', 'id'])
@Index('idx_memories_version', ['ownerId', 'userId', 'version'])
export class Memory {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_memories' })
  id!: string;

  /** The principal whose memory it is: nobody else ever sees it. */
  @Column('varchar', { name: 'owner_id', length: 255 })
  ownerId!: string;

  /** Ids that the owner gives; '' where none. They mean something beside their owner only. */
  @Column('varchar', { name: 'user_id', length: 255, default: '' })
  userId!: string;

  @Column('varchar', { name: 'agent_id', length: 255, default: '' })
  agentId!: string;

  @Column('varchar', { name: 'app_id', length: 255, default: '' })
  appId!: string;

  @Column('varchar', { name: 'run_id', length: 255, default: '' })
  runId!: string;

  @Column('text')
  text!: string;

  /** Equal for texts that differ in case, spaces and punctuation only. */
  @Column('varchar', { length: 64 })
  hash!: string;

  /** What it says something about, where there is one value at a time; a later one replaces it. */
  @Column('varchar', { length: 255, nullable: true })
  attribute!: string | null;

  /** Analysed words, from which the search is rebuilt without analysing again. */
  @Column('text', { array: true })
  terms!: string[];

  /** Little-endian floats of `vectorSpace`. */
  @Column('bytea', { nullable: true, select: false })
  vector!: Buffer | null;

  @Column('varchar', { name: 'vector_space', length: 255, nullable: true })
  vectorSpace!: string | null;

  /** The user's version at which it was last changed. */
  @Column('bigint', { transformer: bigintAsNumber, default: 0 })
  version!: number;

  @Column('jsonb', { default: {} })
  metadata!: JsonObject;

  /** What a client said about it. */
  @Column('jsonb', { nullable: true })
  feedback!: JsonObject | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  /** Not shown from then on. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** Forgotten; the row goes some days later. */
  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
