import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { limitOf, toPage, type Page, type PageStart } from '../database/page.js';
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

export type AuditPage = Page<Omit<AuditEntry, 'tenantId'>>;

/** Reads the trail of the current tenant. */
@Injectable()
export class AuditTrail {
  constructor(private readonly database: Database) {}

  /** The newest first; cursors are ids. */
  async list(filter: AuditFilter, start: PageStart): Promise<AuditPage> {
    const { conditions, values } = conditionsOf(filter);
    const where = conditions.join(' AND ');
    const { rows: counted } = await this.database.pool.query<{ total: number }>(`SELECT count(*)::int AS total FROM public.audit_log WHERE ${where}`, values);
    const add = (value: unknown) => `$${values.push(value)}`;
    const after = start.cursor === undefined ? '' : `AND (at, id) < (SELECT at, id FROM public.audit_log WHERE tenant_id = $1 AND id = ${add(start.cursor)})`;
    const { rows } = await this.database.pool.query<AuditPage['items'][number]>(
      `SELECT id, actor, action, subject, detail, at FROM public.audit_log WHERE ${where} ${after} ORDER BY at DESC, id DESC ${limitOf(start)}`,
      values,
    );
    return toPage(rows, counted[0]?.total ?? 0, start, ({ id }) => id);
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
