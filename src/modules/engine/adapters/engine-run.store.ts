import { Injectable, OnModuleInit } from '@nestjs/common';
import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import { GRAIN_MS } from '../../../platform/statistics/grains.js';
import { storableJson } from '../../../platform/database/json.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { TenantRounds } from '../../../platform/tenancy/tenant-rounds.js';
import { usageHoursKeptDays, type EngineFigures, type EngineRun, type UsageFigures, type UsageRequest } from '../engine-run.types.js';
import { addToRollupsSql, figuresSql } from './engine-rollup.sql.js';
import { addToUsageSql, usageSql } from './usage-rollup.sql.js';

const keptDays = 30;
/** Accounts are kept for a year and a month of bills; by the hour only as long as windows are told by it. */
const usageKeptDays = 400;

/** Runs of the engines in a tenant's tables, and their roll-ups; what is older than 30 days is removed, of the accounts what is older than 400. */
@Injectable()
export class EngineRunStore implements OnModuleInit {
  constructor(
    private readonly database: TenantDatabase,
    private readonly rounds: TenantRounds,
  ) {}

  onModuleInit(): void {
    this.rounds.register('engine runs', async () => {
      for (const table of ['engine_runs', 'engine_run_rollups']) {
        await this.database.query((sql) => `DELETE FROM ${sql.table(table)} WHERE at < now() - make_interval(days => $1)`, [keptDays]);
      }
      await this.database.query((sql) => `DELETE FROM ${sql.table('usage_rollups')} WHERE at < now() - make_interval(days => CASE grain WHEN 'hour' THEN $1 ELSE $2 END::int)`, [usageHoursKeptDays + 2, usageKeptDays]);
    });
  }

  /** All of them or none; those that are there already are left alone, and not counted again. */
  async write(tenant: TenantContext, runs: readonly EngineRun[]): Promise<void> {
    await this.database.forTenant(tenant, () =>
      this.database.query(
        (sql) => `
          WITH stored AS (
            INSERT INTO ${sql.table('engine_runs')} (id, engine, model, reason, status, total_ms, retrieval_ms, first_token_ms, memory_ms, generation_ms, prompt_tokens, completion_tokens, tokens_estimated, cost, at, purpose, principal_id, user_id, request_id)
            SELECT r.id, left(r.engine, 100), left(r.model, 255), r.reason, r.status, r."totalMs", r."retrievalMs", r."firstTokenMs", r."memoryMs", r."generationMs", r."promptTokens", r."completionTokens", r."tokensEstimated", r.cost, r.at,
              r.purpose, left(r."principalId", 64), left(r."userId", 255), left(r."requestId", 64)
            FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, engine text, model text, reason text, status text, "totalMs" float8, "retrievalMs" float8, "firstTokenMs" float8, "memoryMs" float8, "generationMs" float8,
              "promptTokens" int, "completionTokens" int, "tokensEstimated" boolean, cost float8, at timestamptz, purpose text, "principalId" text, "userId" text, "requestId" text)
            ON CONFLICT (id) DO NOTHING RETURNING *
          ), used AS (${addToUsageSql(sql.table('usage_rollups'), 'stored')}
          ), answers AS (SELECT * FROM stored WHERE purpose = 'answer')${addToRollupsSql(sql.table('engine_run_rollups'), 'answers')}`,
        [storableJson(runs)],
      ),
    );
  }

  /** By engine and model, the busiest first; whole minutes. */
  figures(minutes: number): Promise<EngineFigures[]> {
    const now = Date.now();
    const minute = GRAIN_MS.minute;
    const { text, values } = figuresSql({ from: new Date(Math.floor(now / minute - minutes) * minute), to: new Date(Math.floor(now / minute + 1) * minute) });
    return this.database.query<EngineFigures>(text, values);
  }

  /** The dearest first, then those of the most tokens. */
  async usage({ groupBy, window, page, pageSize }: UsageRequest): Promise<{ items: UsageFigures[]; total: number }> {
    const { text, values } = usageSql(groupBy, window);
    const rows = await this.database.query<UsageFigures & { total: number }>(text, [...values, pageSize, (page - 1) * pageSize]);
    return { items: rows.flatMap(({ total: _total, ...figures }) => (figures.name === null ? [] : [figures])), total: rows[0]?.total ?? 0 };
  }

  /** The newest answers first. */
  recent(minutes: number, limit: number): Promise<EngineRun[]> {
    return this.database.query<EngineRun>(
      (sql) => `
        SELECT id, engine, model, reason, status, total_ms AS "totalMs", retrieval_ms AS "retrievalMs", first_token_ms AS "firstTokenMs", memory_ms AS "memoryMs", generation_ms AS "generationMs", prompt_tokens AS "promptTokens",
          completion_tokens AS "completionTokens", tokens_estimated AS "tokensEstimated", cost, at, purpose, principal_id AS "principalId", user_id AS "userId", request_id AS "requestId"
        FROM ${sql.table('engine_runs')} WHERE purpose = 'answer' AND at >= now() - make_interval(mins => $1) ORDER BY at DESC, id DESC LIMIT $2`,
      [minutes, limit],
    );
  }
}
