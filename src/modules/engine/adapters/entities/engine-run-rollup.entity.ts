import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';

const primaryKeyConstraintName = 'pk_engine_run_rollups';

/** What one engine did with one model in one minute, hour or day (UTC). Written and read by engine-rollup.sql.ts; times are milliseconds. */
@Entity('engine_run_rollups')
export class EngineRunRollup {
  /** `minute`, `hour` or `day`. */
  @PrimaryColumn('varchar', { length: 6, primaryKeyConstraintName })
  grain!: string;

  @PrimaryColumn('timestamptz', { primaryKeyConstraintName })
  at!: Date;

  @PrimaryColumn('varchar', { length: 100, primaryKeyConstraintName })
  engine!: string;

  @PrimaryColumn('varchar', { length: 255, primaryKeyConstraintName })
  model!: string;

  @Column('int')
  runs!: number;

  @Column('int')
  failed!: number;

  @Column('double precision', { name: 'total_sum' })
  totalSum!: number;

  @Column('double precision', { name: 'total_max' })
  totalMax!: number;

  @Column('double precision', { name: 'first_token_max', nullable: true })
  firstTokenMax!: number | null;

  @Column('double precision', { name: 'generation_sum' })
  generationSum!: number;

  @Column('double precision', { name: 'retrieval_sum' })
  retrievalSum!: number;

  /** Of how many runs `retrieval_sum` is. */
  @Column('int', { name: 'retrieval_runs' })
  retrievalRuns!: number;

  @Column('double precision', { name: 'memory_sum' })
  memorySum!: number;

  @Column('int', { name: 'memory_runs' })
  memoryRuns!: number;

  @Column('bigint', { name: 'prompt_tokens', transformer: bigintAsNumber })
  promptTokens!: number;

  @Column('bigint', { name: 'completion_tokens', transformer: bigintAsNumber })
  completionTokens!: number;

  /** Null: no price was known for any of the runs. */
  @Column('double precision', { nullable: true })
  cost!: number | null;

  /** Histogram of total times: buckets that are not empty, and how many runs fell into each. */
  @Column('smallint', { name: 'total_buckets', array: true })
  totalBuckets!: number[];

  @Column('int', { name: 'total_counts', array: true })
  totalCounts!: number[];

  @Column('smallint', { name: 'first_token_buckets', array: true })
  firstTokenBuckets!: number[];

  @Column('int', { name: 'first_token_counts', array: true })
  firstTokenCounts!: number[];
}
