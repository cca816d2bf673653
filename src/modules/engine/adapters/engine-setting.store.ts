import { Injectable } from '@nestjs/common';
import { AuditLog, type ActionOf } from '../../../platform/audit/audit-log.js';
import { Database } from '../../../platform/database/database.js';
import { notification, notifySql } from '../../../platform/events/cluster-event-bus.js';

/** How far back the last word on an engine is looked for. */
const recently = `interval '1 day'`;

/** The tenant's choice of an engine: `tenants.settings.engine`. */
@Injectable()
export class EngineSettingStore {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  async read(tenantId: string): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ engine: string | null }>(`SELECT settings ->> 'engine' AS engine FROM public.tenants WHERE id = $1`, [tenantId]);
    return rows[0]?.engine ?? undefined;
  }

  /** Choice, audit entry and the word to all processes: all or nothing. @returns what was chosen before */
  async write(tenantId: string, engine: string): Promise<string | undefined> {
    return this.database.control.transaction(async (manager) => {
      const [row] = await manager.query<{ engine: string | null }[]>(`SELECT settings ->> 'engine' AS engine FROM public.tenants WHERE id = $1 FOR UPDATE`, [tenantId]);
      const previous = row?.engine ?? undefined;
      await manager.query(`UPDATE public.tenants SET settings = settings || jsonb_build_object('engine', $2::text), updated_at = now() WHERE id = $1`, [tenantId, engine]);
      await this.audit.record(manager, { action: 'engine.switched', subject: engine, detail: { from: previous ?? null, to: engine } });
      await manager.query(notifySql, [notification('engine.switched', { tenantId })]);
      return previous;
    });
  }

  /**
   * Adds an entry of the engine `subject` to the trail of every active tenant that uses it, unless it is the last word of the trail on that engine:
   * processes that see the same outage tell of it once. @param isDefault also to those that have chosen none
   */
  async recordOutage(entry: ActionOf, isDefault: boolean): Promise<void> {
    await this.database.control.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`engine.outage:${entry.subject}`]);
      const tenants = await manager.query<{ id: string }[]>(
        `SELECT id FROM public.tenants t WHERE status = 'active' AND (settings ->> 'engine' = $1 OR ($2 AND settings ->> 'engine' IS NULL))
           AND $3 IS DISTINCT FROM (SELECT action FROM public.audit_log WHERE tenant_id = t.id AND at > now() - ${recently} AND action IN ('engine.failed_over', 'engine.restored') AND subject = $1 ORDER BY id DESC LIMIT 1)`,
        [entry.subject, isDefault, entry.action],
      );
      await this.audit.recordFor(manager, tenants.map(({ id }) => id), entry);
    });
  }
}
