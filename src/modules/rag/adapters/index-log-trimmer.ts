import { Injectable, OnModuleInit } from '@nestjs/common';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { TenantRounds } from '../../../platform/tenancy/tenant-rounds.js';

/** Changes that a replica may be behind and still follow the log; beyond, reading the tables is quicker anyway. */
export const keptChanges = 100_000;

/** Keeps the index log from growing for ever. Its newest rows stay, and with them the numbering. */
@Injectable()
export class IndexLogTrimmer implements OnModuleInit {
  constructor(
    private readonly rounds: TenantRounds,
    private readonly database: TenantDatabase,
  ) {}

  onModuleInit(): void {
    this.rounds.register('index log', () => this.trim(keptChanges));
  }

  /** In one transaction: whoever misses the rows finds the mark that says so. */
  async trim(keep: number): Promise<void> {
    await this.database.transaction(async (_manager, sql) => {
      const [gone] = await this.database.query<{ through: number | null }>(
        `WITH gone AS (DELETE FROM ${sql.table('index_log')} WHERE seq <= (SELECT max(seq) FROM ${sql.table('index_log')}) - $1 RETURNING seq)
         SELECT max(seq)::float8 AS through FROM gone`,
        [keep],
      );
      if (typeof gone?.through !== 'number') return;
      await this.database.query(`UPDATE ${sql.table('index_state')} SET trimmed_through = GREATEST(trimmed_through, $1), updated_at = now()`, [gone.through]);
    });
  }
}
