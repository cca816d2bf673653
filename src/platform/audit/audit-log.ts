import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { storableJson, type JsonObject } from '../database/json.js';
import { requirePrincipal, requireTenant } from '../tenancy/tenant-context.js';

export interface AuditedAction {
  /** `<module>.<past tense>`, e.g. `engine.switched`; at most 100 characters. */
  action: string;
  /** What was acted on; cut at 255 characters. */
  subject: string;
  /** No secrets: it is shown to whoever may read the trail. */
  detail?: JsonObject;
}

/** An action of somebody else than the principal of the running request: `system:<part of the program>`, or a key before it is known. */
export interface ActionOf extends AuditedAction {
  actor: string;
}

/** The trail of changes. An entry is written in the transaction of the change that it tells of: both or neither. The database lets nobody change or remove one. */
@Injectable()
export class AuditLog {
  /**
   * Adds an entry for the tenant and the principal of the running request.
   * @param manager of the transaction that makes the change: the control plane's or a tenant's, they share one database
   * @throws TenantMissingError outside of a request
   */
  async record(manager: EntityManager, action: AuditedAction): Promise<void> {
    const { kind, id } = requirePrincipal();
    await this.recordFor(manager, [requireTenant().tenantId], { ...action, actor: `${kind}:${id}` });
  }

  /** Adds an entry to the trail of each of the tenants. */
  async recordFor(manager: EntityManager, tenantIds: readonly string[], { actor, action, subject, detail = {} }: ActionOf): Promise<void> {
    await manager.query(
      `INSERT INTO public.audit_log (id, tenant_id, actor, action, subject, detail)
       SELECT row.id, row.tenant_id, $3, $4, $5, $6 FROM unnest($1::uuid[], $2::uuid[]) AS row (id, tenant_id)`,
      [tenantIds.map(() => uuidv7()), tenantIds, actor.slice(0, 255), action, subject.slice(0, 255), storableJson(detail)],
    );
  }
}
