/** More at once than any process serves: beyond it, requests count when they are completed. */
const MOST = 50_000;

/** Requests that have arrived, whose caller is known, and that are not answered yet. */
export class RequestsInFlight {
  private readonly requests = new Map<string, number>();
  private readonly byTenant = new Map<string, number>();

  enter(tenant: string, requestId: string): void {
    if (this.requests.size >= MOST) return;
    add(this.requests, keyOf(tenant, requestId), 1);
    add(this.byTenant, tenant, 1);
  }

  /** May be called again for the same request. */
  leave(tenant: string, requestId: string): void {
    const key = keyOf(tenant, requestId);
    if (!this.requests.has(key)) return;
    add(this.requests, key, -1);
    add(this.byTenant, tenant, -1);
  }

  count(tenant: string): number {
    return this.byTenant.get(tenant) ?? 0;
  }
}

/** Request ids are chosen by clients: two at once may bear the same. */
function keyOf(tenant: string, requestId: string): string {
  return `${tenant} ${requestId}`;
}

function add(counts: Map<string, number>, key: string, difference: number): void {
  const count = (counts.get(key) ?? 0) + difference;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
