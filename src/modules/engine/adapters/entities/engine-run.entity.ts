import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One attempt of an engine at an answer. */
@Entity('engine_runs')
@Index('idx_engine_runs_at', ['at'])
export class EngineRunRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_engine_runs' })
  id!: string;

  @Column('varchar', { length: 100 })
  engine!: string;

  @Column('varchar', { length: 255 })
  model!: string;

  /** Why this engine: `requested`, `tenant`, `default` or `failover`. */
  @Column('varchar', { length: 12 })
  reason!: string;

  /** `ok`, `cancelled` or `failed`. */
  @Column('varchar', { length: 12 })
  status!: string;

  /** Retrieval and generation, milliseconds. */
  @Column('double precision', { name: 'total_ms' })
  totalMs!: number;

  @Column('double precision', { name: 'retrieval_ms', nullable: true })
  retrievalMs!: number | null;

  /** From the begin of generation; null when nothing was streamed. */
  @Column('double precision', { name: 'first_token_ms', nullable: true })
  firstTokenMs!: number | null;

  /** Part of the generation; null when no memories were asked for. */
  @Column('double precision', { name: 'memory_ms', nullable: true })
  memoryMs!: number | null;

  @Column('double precision', { name: 'generation_ms' })
  generationMs!: number;

  @Column('int', { name: 'prompt_tokens' })
  promptTokens!: number;

  @Column('int', { name: 'completion_tokens' })
  completionTokens!: number;

  /** The engine did not tell its tokens: they were counted from the texts. */
  @Column('boolean', { name: 'tokens_estimated' })
  tokensEstimated!: boolean;

  /** Null: no price is known for the model. */
  @Column('double precision', { nullable: true })
  cost!: number | null;

  @Column('timestamptz')
  at!: Date;

  /** `answer`; `memory` or `summary`: the model's work in the background. */
  @Column('varchar', { length: 12, default: 'answer' })
  purpose!: string;

  /** Null where nobody knows, as in the two that follow. */
  @Column('varchar', { name: 'principal_id', length: 64, nullable: true })
  principalId!: string | null;

  /** Whom the principal serves; '': itself. */
  @Column('varchar', { name: 'user_id', length: 255, nullable: true })
  userId!: string | null;

  @Column('varchar', { name: 'request_id', length: 64, nullable: true })
  requestId!: string | null;
}
