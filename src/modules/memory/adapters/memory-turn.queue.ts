import { Injectable } from '@nestjs/common';
import type { Message } from '#libs/memory';
import { notification, notifySql } from '../../../platform/events/cluster-event-bus.js';
import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import { requireTenant } from '../../../platform/tenancy/tenant-context.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { TenantSurvey } from '../../../platform/tenancy/tenant-survey.js';
import type { FailedTurn, QueuedTurn, TurnFigures, TurnScope } from '../memory-turn.types.js';

/** Turns that wait in one tenant at most. */
export const mostQueued = 10_000;
/** A turn whose process died is taken again after this long. */
const claim = `interval '60 seconds'`;
const mostAttempts = 8;
/** Seconds until the next attempt: 10, 30, 90 … an hour; the eight attempts take about two hours. */
const backOff = 'make_interval(secs => least(10 * power(3, attempts - 1), 3600))';
const longestError = 500;
const shownFailures = 20;
const keptFailedDays = 7;

export interface ClaimedTurn extends QueuedTurn {
  target: string;
}

/**
 * Turns that wait to be learnt from, shared by all processes (SKIP LOCKED). Those of one user and target are taken one after the other,
 * oldest first, so that a later word replaces an earlier one and never the other way round.
 */
@Injectable()
export class MemoryTurnQueue {
  constructor(
    private readonly database: TenantDatabase,
    private readonly survey: TenantSurvey,
  ) {}

  /** Safe when it resolves, and every process hears of it. @returns false when the queue is full */
  async put(id: string, target: string, { ownerId, userId }: TurnScope, turn: readonly Message[]): Promise<boolean> {
    const rows = await this.database.query(
      (sql) => `WITH put AS (
                  INSERT INTO ${sql.table('memory_turns')} (id, target, owner_id, user_id, turn)
                  SELECT $1::uuid, $2::varchar, $3::varchar, $4::varchar, $5::jsonb
                  WHERE (SELECT count(*) FROM (SELECT 1 FROM ${sql.table('memory_turns')} WHERE failed_at IS NULL LIMIT ${mostQueued}) AS waiting) < ${mostQueued}
                  RETURNING id)
                ${notifySql.replace('$1', '$6')} FROM put`,
      [id, target, ownerId, userId, JSON.stringify(turn), notification('memories.queued', { schema: requireTenant().schema })],
    );
    return rows.length > 0;
  }

  /** The oldest turn that may be learnt from now; it is this process's for a minute. */
  async take(): Promise<ClaimedTurn | undefined> {
    const [row] = await this.database.query<ClaimedTurn & TurnScope>(
      (sql) => `UPDATE ${sql.table('memory_turns')} SET attempts = attempts + 1, run_after = now() + ${claim}
                WHERE id = (SELECT id FROM ${sql.table('memory_turns')} t
                            WHERE failed_at IS NULL AND run_after <= now() AND NOT EXISTS (
                              SELECT 1 FROM ${sql.table('memory_turns')} e WHERE e.owner_id = t.owner_id AND e.user_id = t.user_id AND e.target = t.target AND e.id < t.id AND e.failed_at IS NULL)
                            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, target, owner_id AS "ownerId", user_id AS "userId", turn, attempts AS attempt, created_at AS "acceptedAt"`,
    );
    if (!row) return undefined;
    const { ownerId, userId, ...turn } = row;
    return { ...turn, scope: { ownerId, userId } };
  }

  /**
   * Takes the turn off and writes what was learnt, in one transaction. Does nothing when the turn is not this attempt's any more:
   * another process has taken it, or its owner has had it forgotten.
   * @returns whether it was written
   */
  finish({ id, attempt }: QueuedTurn, write: () => Promise<void>): Promise<boolean> {
    return this.database.transaction(async () => {
      const gone = await this.database.query((sql) => `DELETE FROM ${sql.table('memory_turns')} WHERE id = $1 AND attempts = $2 RETURNING id`, [id, attempt]);
      if (gone.length > 0) await write();
      return gone.length > 0;
    });
  }

  /** Puts a turn off, or gives it up. @returns whether it was given up */
  async fail({ id, attempt }: QueuedTurn, reason: string, forGood: boolean): Promise<boolean> {
    const [row] = await this.database.query<{ given_up: boolean }>(
      (sql) => `UPDATE ${sql.table('memory_turns')} SET error = $3, run_after = now() + ${backOff}, failed_at = CASE WHEN $4 OR attempts >= ${mostAttempts} THEN now() END
                WHERE id = $1 AND attempts = $2 RETURNING failed_at IS NOT NULL AS given_up`,
      [id, attempt, reason.slice(0, longestError).replaceAll('\u0000', ''), forGood],
    );
    return row?.given_up ?? false;
  }

  /** An attempt that was broken off and does not count: another process goes on at once. */
  async giveBack({ id, attempt }: QueuedTurn): Promise<void> {
    await this.database.query((sql) => `UPDATE ${sql.table('memory_turns')} SET run_after = now(), attempts = attempts - 1 WHERE id = $1 AND attempts = $2`, [id, attempt]);
  }

  /** Tenants with a turn that may be taken now. */
  waiting(): Promise<TenantContext[]> {
    return this.survey.having((sql) => `${sql.table('memory_turns')} WHERE failed_at IS NULL AND run_after <= now()`);
  }

  /** Of one owner. */
  async figures(ownerId: string): Promise<TurnFigures> {
    const [counts] = await this.database.query<Omit<TurnFigures, 'failures'>>(
      (sql) => `SELECT count(*) FILTER (WHERE failed_at IS NULL) AS queued, count(failed_at) AS failed, min(created_at) FILTER (WHERE failed_at IS NULL) AS "oldestQueuedAt"
                FROM ${sql.table('memory_turns')} WHERE owner_id = $1`,
      [ownerId],
    );
    const failures = await this.database.query<FailedTurn>(
      (sql) => `SELECT id, target, user_id AS "userId", attempts, error, created_at AS "acceptedAt", failed_at AS "failedAt"
                FROM ${sql.table('memory_turns')} WHERE owner_id = $1 AND failed_at IS NOT NULL ORDER BY id DESC LIMIT ${shownFailures}`,
      [ownerId],
    );
    return { queued: 0, failed: 0, oldestQueuedAt: null, ...counts, failures };
  }

  /** Failed turns of more than a week ago go. */
  async sweep(): Promise<void> {
    await this.database.query((sql) => `DELETE FROM ${sql.table('memory_turns')} WHERE failed_at < now() - make_interval(days => $1)`, [keptFailedDays]);
  }
}
