import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import type { ReplicaFollower } from './replica-follower.js';

interface Opened {
  tenant: TenantContext;
  follower: ReplicaFollower;
  /** Callers at work with it: it is not closed under them. */
  uses: number;
}

/** Open replicas, one a tenant, opened on first use; the least recently used are closed above the memory budget. */
export class ReplicaRegistry {
  /** Being opened or closed. */
  private readonly busy = new Map<string, Promise<unknown>>();
  /** In order of last use. */
  private readonly open = new Map<string, Opened>();

  constructor(
    private readonly budgetBytes: number,
    private readonly openReplica: (tenant: TenantContext) => Promise<ReplicaFollower>,
  ) {}

  /** Works with the tenant's replica, which stays open until the work is done. */
  async use<T>(tenant: TenantContext, work: (follower: ReplicaFollower) => Promise<T> | T): Promise<T> {
    const { follower, release } = await this.hold(tenant);
    try {
      return await work(follower);
    } finally {
      release();
    }
  }

  /** Keeps the tenant's replica open until `release` is called. */
  async hold(tenant: TenantContext): Promise<{ follower: ReplicaFollower; release: () => void }> {
    const opened = this.open.get(tenant.schema) ?? (await this.start(tenant));
    opened.uses += 1;
    this.open.delete(tenant.schema);
    this.open.set(tenant.schema, opened);
    let held = true;
    const release = () => {
      if (held) opened.uses -= 1;
      held = false;
    };
    return { follower: opened.follower, release };
  }

  tenants(): TenantContext[] {
    return [...this.open.values()].map(({ tenant }) => tenant);
  }

  bytes(): number {
    let sum = 0;
    for (const { follower } of this.open.values()) sum += follower.replica.stats().bytes.heap;
    return sum;
  }

  async closeAll(): Promise<void> {
    await Promise.allSettled(this.busy.values());
    const all = [...this.open.values()];
    this.open.clear();
    await Promise.all(all.map(close));
  }

  /** Closes the least recently used until the rest fits; those in use, and the newest, stay whatever their size. */
  async shrink(): Promise<void> {
    const candidates = [...this.open].slice(0, -1);
    for (const [schema, opened] of candidates) {
      if (this.bytes() <= this.budgetBytes) return;
      if (opened.uses > 0) continue;
      this.open.delete(schema);
      // Whoever wants it again meanwhile waits until its folder is free.
      const closing = close(opened).finally(() => this.busy.delete(schema));
      this.busy.set(schema, closing);
      await closing;
    }
  }

  private async start(tenant: TenantContext): Promise<Opened> {
    for (;;) {
      const ready = this.open.get(tenant.schema);
      if (ready) return ready;
      const busy = this.busy.get(tenant.schema);
      if (!busy) return this.startNow(tenant);
      await busy.catch(() => undefined);
    }
  }

  private startNow(tenant: TenantContext): Promise<Opened> {
    const opening = this.openReplica(tenant).then((follower) => {
      const opened: Opened = { tenant, follower, uses: 0 };
      this.open.set(tenant.schema, opened);
      return opened;
    });
    this.busy.set(tenant.schema, opening);
    return opening.finally(() => this.busy.delete(tenant.schema));
  }
}

async function close({ follower }: Opened): Promise<void> {
  await follower.stop();
  await follower.replica.close();
}
