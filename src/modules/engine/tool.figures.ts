import { LRUCache } from 'lru-cache';
import type { ToolUse } from './tool.types.js';

const mostTenants = 1_000;
const unused: ToolUse = { runs: 0, failed: 0, totalMs: 0 };

/** How often each tenant's tools ran on this process, and how long; the tenants seen last. */
export class ToolFigures {
  private readonly byTenant = new LRUCache<string, Map<string, ToolUse>>({ max: mostTenants });

  count(tenantId: string, tool: string, ok: boolean, ms: number): void {
    let tools = this.byTenant.get(tenantId);
    if (!tools) this.byTenant.set(tenantId, (tools = new Map()));
    const { runs, failed, totalMs } = tools.get(tool) ?? unused;
    tools.set(tool, { runs: runs + 1, failed: failed + (ok ? 0 : 1), totalMs: totalMs + ms });
  }

  of(tenantId: string, tool: string): ToolUse {
    return this.byTenant.peek(tenantId)?.get(tool) ?? unused;
  }
}
