import { Injectable, OnModuleInit } from '@nestjs/common';
import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { TenantRounds } from '../../../platform/tenancy/tenant-rounds.js';
import type { EngineFigures, EngineRun } from '../engine.types.js';

const keptDays = 30;

/** Runs of the engines in a tenant's tables; those older than 30 days are removed. */
@Injectable()
export class EngineRunStore implements OnModuleInit {
  constructor(
    private readonly database: TenantDatabase,
    private readonly rounds: TenantRounds,
  ) {}

  onModuleInit(): void {
    this.rounds.register('engine runs', async () => {
      await this.database.query((sql) => `DELETE FROM ${sql.table('engine_runs')} WHERE at < now() - make_interval(days => $1)`, [keptDays]);
    });
  }

  /** All of them or none; those that are there already are left alone. */
  async write(tenant: TenantContext, runs: readonly EngineRun[]): Promise<void> {
    await this.database.forTenant(tenant, () =>
      this.database.query(
        (sql) => `
          INSERT INTO ${sql.table('engine_runs')} (id, engine, model, reason, status, total_ms, retrieval_ms, first_token_ms, memory_ms, generation_ms, prompt_tokens, completion_tokens, tokens_estimated, cost, at)
          SELECT r.id, left(r.engine, 100), left(r.model, 255), r.reason, r.status, r."totalMs", r."retrievalMs", r."firstTokenMs", r."memoryMs", r."generationMs", r."promptTokens", r."completionTokens", r."tokensEstimated", r.cost, r.at
          FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, engine text, model text, reason text, status text, "totalMs" float8, "retrievalMs" float8, "firstTokenMs" float8, "memoryMs" float8, "generationMs" float8,
            "promptTokens" int, "completionTokens" int, "tokensEstimated" boolean, cost float8, at timestamptz)
          ON CONFLICT (id) DO NOTHING`,
        [JSON.stringify(runs)],
      ),
    );
  }

  /** By engine and model, the busiest first. */
  figures(minutes: number): Promise<EngineFigures[]> {
    return this.database.query<EngineFigures>(
      (sql) => `
        SELECT engine, model, count(*)::int AS runs, (count(*) FILTER (WHERE status = 'failed'))::int AS failed, avg(total_ms) AS "averageMs",
          percentile_cont(0.5) WITHIN GROUP (ORDER BY total_ms) AS "p50Ms", percentile_cont(0.95) WITHIN GROUP (ORDER BY total_ms) AS "p95Ms",
          percentile_cont(0.95) WITHIN GROUP (ORDER BY first_token_ms) AS "firstTokenP95Ms", avg(retrieval_ms) AS "retrievalMs", avg(memory_ms) AS "memoryMs", avg(generation_ms) AS "generationMs",
          sum(prompt_tokens)::float8 AS "promptTokens", sum(completion_tokens)::float8 AS "completionTokens", sum(cost) AS cost
        FROM ${sql.table('engine_runs')} WHERE at >= now() - make_interval(mins => $1) GROUP BY engine, model ORDER BY runs DESC, engine, model`,
      [minutes],
    );
  }

  /** The newest first. */
  recent(minutes: number, limit: number): Promise<EngineRun[]> {
    return this.database.query<EngineRun>(
      (sql) => `
        SELECT id, engine, model, reason, status, total_ms AS "totalMs", retrieval_ms AS "retrievalMs", first_token_ms AS "firstTokenMs", memory_ms AS "memoryMs", generation_ms AS "generationMs", prompt_tokens AS "promptTokens",
          completion_tokens AS "completionTokens", tokens_estimated AS "tokensEstimated", cost, at
        FROM ${sql.table('engine_runs')} WHERE at >= now() - make_interval(mins => $1) ORDER BY at DESC, id DESC LIMIT $2`,
      [minutes, limit],
    );
  }
}
