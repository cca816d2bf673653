import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { requireTenant } from '../tenancy/tenant-context.js';
import type { AuditEntry } from './audit-entry.entity.js';

export interface AuditFilter {
  action?: string | undefined;
  subject?: string | undefined;
  actor?: string | undefined;
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
}

export interface AuditPage {
  items: Omit<AuditEntry, 'tenantId'>[];
  /** All that the filter finds. */
  total: number;
  /** Where the next page begins; null after the last one. */
  nextCursor: string | null;
}

/** Reads the trail of the current tenant. */
@Injectable()
export class AuditTrail {
  constructor(private readonly database: Database) {}

  /**
   * The newest first.
   * @param start after the entry `cursor` (an id; entries that come meanwhile shift nothing), or at a page, from 1
   */
  async list(filter: AuditFilter, start: { cursor?: string | undefined; page: number; pageSize: number }): Promise<AuditPage> {
    const { conditions, values } = conditionsOf(filter);
    const where = conditions.join(' AND ');
    const { rows: counted } = await this.database.pool.query<{ total: number }>(`SELECT count(*)::int AS total FROM public.audit_log WHERE ${where}`, values);
    const add = (value: unknown) => `$${values.push(value)}`;
    const after = start.cursor === undefined ? '' : `AND (at, id) < (SELECT at, id FROM public.audit_log WHERE tenant_id = $1 AND id = ${add(start.cursor)})`;
    const offset = start.cursor === undefined ? (start.page - 1) * start.pageSize : 0;
    const { rows } = await this.database.pool.query<AuditPage['items'][number]>(
      `SELECT id, actor, action, subject, detail, at FROM public.audit_log WHERE ${where} ${after} ORDER BY at DESC, id DESC LIMIT ${add(start.pageSize + 1)} OFFSET ${add(offset)}`,
      values,
    );
    const items = rows.slice(0, start.pageSize);
    return { items, total: counted[0]?.total ?? 0, nextCursor: rows.length > items.length ? (items.at(-1)?.id ?? null) : null };
  }
}

function conditionsOf({ action, subject, actor, from, to }: AuditFilter): { conditions: string[]; values: unknown[] } {
  const values: unknown[] = [requireTenant().tenantId];
  const conditions = ['tenant_id = $1'];
  const limit = (comparison: string, value: unknown) => {
    if (value !== undefined) conditions.push(`${comparison} $${values.push(value)}`);
  };
  limit('action =', action);
  limit('subject =', subject);
  limit('actor =', actor);
  limit('at >=', from);
  limit('at <', to);
  return { conditions, values };
}
