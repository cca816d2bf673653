import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import { IndexOpeningError } from '../search.errors.js';
import { within } from './patience.js';
import type { ReplicaFollower } from './replica-follower.js';

/** Each has files open, two a segment. */
const mostOpen = 500;
/** Each has a thread write what it has in memory. */
const closedAtOnce = 4;
/** A replica that is built from the tables takes longer than a caller should wait. */
const openingPatienceMs = 10_000;

interface Opened {
  tenant: TenantContext;
  follower: ReplicaFollower;
  /** Callers at work with it: it is not closed under them. */
  uses: number;
  /** Its heap when it was last measured. */
  bytes: number;
  /** Called when the last of the callers is done. */
  onIdle?: () => void;
}

export interface ReplicaRegistryOptions {
  /** Heap of all replicas together, in bytes. */
  budgetBytes: number;
  /** Opens a replica that has caught up; `signal` gives that up. */
  open: (tenant: TenantContext, signal: AbortSignal) => Promise<ReplicaFollower>;
  /** Told of what fails while nobody waits for it. */
  onError: (error: unknown, tenant: TenantContext) => void;
}

/** Open replicas, one a tenant, opened on first use; the least recently used are closed above the memory budget. */
export class ReplicaRegistry {
  /** Being opened or closed. */
  private readonly busy = new Map<string, Promise<unknown>>();
  /** In order of last use. */
  private readonly open = new Map<string, Opened>();
  private heldBytes = 0;
  private shrinking = false;
  private readonly closing = new AbortController();
  private readonly replacing = new Map<string, Promise<void>>();

  constructor(private readonly options: ReplicaRegistryOptions) {}

  /** Works with the tenant's replica, which stays open until the work is done; once more from the start if its thread dies meanwhile. @throws IndexOpeningError when it is not open in time */
  async use<T>(tenant: TenantContext, work: (follower: ReplicaFollower) => Promise<T> | T): Promise<T> {
    for (let tries = 1; ; tries++) {
      const { follower, release } = await this.hold(tenant);
      try {
        return await work(follower);
      } catch (error) {
        if (!follower.replica.lost) throw error;
        if (tries > 1) throw new IndexOpeningError(error);
      } finally {
        release();
      }
    }
  }

  private async hold(tenant: TenantContext): Promise<{ follower: ReplicaFollower; release: () => void }> {
    let opened = this.open.get(tenant.schema);
    // It may be closed again before this caller has its turn.
    while (!opened || opened.follower.replica.lost) {
      if (opened) await this.end(opened);
      else await this.opened(tenant);
      opened = this.open.get(tenant.schema);
    }
    this.open.delete(tenant.schema);
    this.open.set(tenant.schema, opened);
    return { follower: opened.follower, release: this.take(opened) };
  }

  /** Works with a replica that is open already. That is no use of it: one that is only written to is closed before one that is searched. */
  async whileOpen(schema: string, work: (follower: ReplicaFollower, tenant: TenantContext) => Promise<void>): Promise<void> {
    const opened = this.open.get(schema);
    if (!opened) return;
    // Whoever searches it opens it anew.
    if (opened.follower.replica.lost) return this.end(opened);
    const release = this.take(opened);
    try {
      await work(opened.follower, opened.tenant);
    } finally {
      this.measure(opened);
      release();
    }
  }

  /** The tenant's replica, if it is open; not a use of it. */
  peek(schema: string): ReplicaFollower | undefined {
    return this.open.get(schema)?.follower;
  }

  /** Those that are open now. */
  followers(): { schema: string; follower: ReplicaFollower }[] {
    return [...this.open].map(([schema, { follower }]) => ({ schema, follower }));
  }

  /** Heap of the open replicas, each as it was after its last change. */
  get bytes(): number {
    return this.heldBytes;
  }

  /** Opens the tenant's replica anew beside the one in use, and puts it in its place when it is as far. */
  replace(tenant: TenantContext): Promise<void> {
    const { schema } = tenant;
    const running = this.replacing.get(schema) ?? this.exchange(tenant).finally(() => this.replacing.delete(schema));
    this.replacing.set(schema, running);
    return running;
  }

  async closeAll(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled([...this.busy.values(), ...this.replacing.values()]);
    const closeNext = async (): Promise<void> => {
      for (let [next] = this.open.values(); next; [next] = this.open.values()) await this.end(next);
    };
    await Promise.all(Array.from({ length: closedAtOnce }, closeNext));
  }

  private take(opened: Opened): () => void {
    opened.uses += 1;
    let held = true;
    this.shrink();
    return () => {
      if (!held) return;
      held = false;
      opened.uses -= 1;
      if (opened.uses === 0) opened.onIdle?.();
      this.shrink();
    };
  }

  private measure(opened: Opened): void {
    if (this.open.get(opened.tenant.schema) !== opened) return;
    const bytes = opened.follower.replica.heapBytes;
    this.heldBytes += bytes - opened.bytes;
    opened.bytes = bytes;
  }

  private get isOver(): boolean {
    return this.heldBytes > this.options.budgetBytes || this.open.size > mostOpen;
  }

  /** Closes the least recently used until the rest fits; those in use, and the newest, stay whatever their size. */
  private shrink(): void {
    if (this.shrinking || !this.isOver) return;
    const oldest = [...this.open.values()].slice(0, -1).find(({ uses }) => uses === 0);
    if (!oldest) return;
    this.shrinking = true;
    void this.end(oldest).then(() => {
      this.shrinking = false;
      this.shrink();
    });
  }

  private async exchange(tenant: TenantContext): Promise<void> {
    const old = this.open.get(tenant.schema);
    if (!old) return;
    const release = this.take(old);
    try {
      const next: Opened = { tenant, follower: await this.options.open(tenant, this.closing.signal), uses: 0, bytes: 0 };
      try {
        // Whoever was promised a seq by the old one must find it in the new one.
        while (next.follower.replica.seq < old.follower.replica.seq) await next.follower.catchUp(old.follower.replica.seq);
      } catch (error) {
        await next.follower.close();
        throw error;
      }
      // The process is stopping.
      if (this.open.get(tenant.schema) !== old) return await next.follower.close();
      this.open.set(tenant.schema, next);
      this.heldBytes -= old.bytes;
      this.measure(next);
    } finally {
      release();
    }
    if (old.uses > 0) await new Promise<void>((resolve) => (old.onIdle = resolve));
    await old.follower.close();
  }

  /** Never rejects. Whoever wants it again meanwhile waits until its folder is free. */
  private end(opened: Opened): Promise<void> {
    const { tenant, follower, bytes } = opened;
    this.open.delete(tenant.schema);
    this.heldBytes -= bytes;
    const ending = follower
      .close()
      .catch((error: unknown) => this.options.onError(error, tenant))
      .finally(() => this.busy.delete(tenant.schema));
    this.busy.set(tenant.schema, ending);
    return ending;
  }

  private opened(tenant: TenantContext): Promise<void> {
    const late = () => new IndexOpeningError();
    return within(openingPatienceMs, this.start(tenant), late, (error) => this.options.onError(error, tenant));
  }

  private async start(tenant: TenantContext): Promise<void> {
    for (;;) {
      if (this.open.has(tenant.schema)) return;
      const busy = this.busy.get(tenant.schema);
      if (!busy) return this.startNow(tenant);
      await busy.catch(() => undefined);
    }
  }

  private startNow(tenant: TenantContext): Promise<void> {
    const opening = this.options.open(tenant, this.closing.signal).then((follower) => {
      const opened: Opened = { tenant, follower, uses: 0, bytes: 0 };
      this.open.set(tenant.schema, opened);
      this.measure(opened);
    });
    this.busy.set(tenant.schema, opening);
    return opening.finally(() => this.busy.delete(tenant.schema));
  }
}
