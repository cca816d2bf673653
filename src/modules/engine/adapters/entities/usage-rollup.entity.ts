import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';

const primaryKeyConstraintName = 'pk_usage_rollups';

/** What one principal had one model do in one hour or day (UTC), and for whom. Written and read by usage-rollup.sql.ts. */
@Entity('usage_rollups')
export class UsageRollup {
  /** `hour` or `day`. */
  @PrimaryColumn('varchar', { length: 6, primaryKeyConstraintName })
  grain!: string;

  @PrimaryColumn('timestamptz', { primaryKeyConstraintName })
  at!: Date;

  /** '': nobody knows. */
  @PrimaryColumn('varchar', { name: 'principal_id', length: 64, primaryKeyConstraintName })
  principalId!: string;

  /** Whom the principal serves; '': itself, or nobody knows. */
  @PrimaryColumn('varchar', { name: 'user_id', length: 255, primaryKeyConstraintName })
  userId!: string;

  /** '': work in the background. */
  @PrimaryColumn('varchar', { length: 100, primaryKeyConstraintName })
  engine!: string;

  @PrimaryColumn('varchar', { length: 255, primaryKeyConstraintName })
  model!: string;

  /** `answer`, `memory` or `summary`. */
  @PrimaryColumn('varchar', { length: 12, primaryKeyConstraintName })
  purpose!: string;

  @Column('int')
  runs!: number;

  @Column('int')
  failed!: number;

  /** Runs whose tokens were counted here. */
  @Column('int')
  estimated!: number;

  @Column('bigint', { name: 'prompt_tokens', transformer: bigintAsNumber })
  promptTokens!: number;

  @Column('bigint', { name: 'completion_tokens', transformer: bigintAsNumber })
  completionTokens!: number;

  /** Null: no price was known for any of the runs. */
  @Column('double precision', { nullable: true })
  cost!: number | null;
}
