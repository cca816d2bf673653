import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import type { ReplicaFollower } from './replica-follower.js';

interface Opened {
  tenant: TenantContext;
  follower: ReplicaFollower;
}

/** Open replicas, one a tenant, opened on first use; the least recently used are closed above the memory budget. */
export class ReplicaRegistry {
  private readonly opening = new Map<string, Promise<Opened>>();
  /** In order of last use. */
  private readonly open = new Map<string, Opened>();

  constructor(
    private readonly budgetBytes: number,
    private readonly openReplica: (tenant: TenantContext) => Promise<ReplicaFollower>,
  ) {}

  async get(tenant: TenantContext): Promise<ReplicaFollower> {
    const ready = this.open.get(tenant.schema);
    if (ready) {
      this.open.delete(tenant.schema);
      this.open.set(tenant.schema, ready);
      return ready.follower;
    }
    let opening = this.opening.get(tenant.schema);
    if (!opening) {
      opening = this.start(tenant);
      this.opening.set(tenant.schema, opening);
    }
    return (await opening).follower;
  }

  opened(schema: string): Opened | undefined {
    return this.open.get(schema);
  }

  schemas(): string[] {
    return [...this.open.keys()];
  }

  async closeAll(): Promise<void> {
    await Promise.allSettled(this.opening.values());
    const all = [...this.open.values()];
    this.open.clear();
    await Promise.all(all.map(close));
  }

  private async start(tenant: TenantContext): Promise<Opened> {
    try {
      const opened = { tenant, follower: await this.openReplica(tenant) };
      this.open.set(tenant.schema, opened);
      await this.shrink(tenant.schema);
      return opened;
    } finally {
      this.opening.delete(tenant.schema);
    }
  }

  /** Closes the least recently used until the rest fits; the one just asked for stays whatever its size. */
  private async shrink(keep: string): Promise<void> {
    for (const [schema, opened] of this.open) {
      if (this.bytes() <= this.budgetBytes) return;
      if (schema === keep) continue;
      this.open.delete(schema);
      await close(opened);
    }
  }

  private bytes(): number {
    let sum = 0;
    for (const { follower } of this.open.values()) sum += follower.replica.stats().bytes.heap;
    return sum;
  }
}

async function close({ follower }: Opened): Promise<void> {
  await follower.stop();
  await follower.replica.close();
}
