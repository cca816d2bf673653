import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';

/** One served request. The table is partitioned by month of `timestamp`, which is why that is part of its key. */
@Entity('api_stats')
@Index('idx_stats_endpoint', ['endpoint'])
@Index('idx_stats_timestamp', ['timestamp'])
export class ApiStat {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'pk_api_stats', transformer: bigintAsNumber })
  @Generated('increment')
  id!: number;

  /** Route pattern, without the values of its parameters. */
  @Column('varchar', { length: 255 })
  endpoint!: string;

  @Column('varchar', { length: 10 })
  method!: string;

  @Column('varchar', { length: 50, nullable: true })
  ip!: string | null;

  @Column('int', { name: 'status_code' })
  statusCode!: number;

  /** Milliseconds. */
  @Column('double precision')
  duration!: number;

  /** When the request arrived. */
  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'pk_api_stats', default: () => 'now()' })
  timestamp!: Date;

  @Column('varchar', { name: 'user_id', length: 255, nullable: true })
  userId!: string | null;

  @Column('varchar', { name: 'request_id', length: 64, nullable: true })
  requestId!: string | null;

  /** `HIT`, `MISS` or `STALE` where a cached route answered. */
  @Column('varchar', { length: 8, nullable: true })
  cache!: string | null;
}
