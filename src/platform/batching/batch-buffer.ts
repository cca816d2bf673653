/**
 * Rows on their way to the database, by tenant. Bounded over all tenants together: a row that finds it full is counted
 * and lost. Rows that were taken to be written still count as held, so that they always fit when they come back.
 */
export class BatchBuffer<Row> {
  private readonly waiting = new Map<string, Row[]>();
  private readonly taken = new Map<string, number>();
  private readonly losses = new Map<string, number>();
  private held = 0;

  constructor(private readonly capacity: number) {}

  /** Rows of all tenants, those being written included. */
  get size(): number {
    return this.held;
  }

  /** Tenants with rows to write. */
  get tenants(): string[] {
    return [...this.waiting.keys()];
  }

  /** @returns false when the row found no room */
  add(tenant: string, row: Row): boolean {
    if (this.held >= this.capacity) {
      this.lose(tenant, 1);
      return false;
    }
    this.held++;
    const rows = this.waiting.get(tenant);
    if (rows) rows.push(row);
    else this.waiting.set(tenant, [row]);
    return true;
  }

  /** The oldest rows of a tenant, to be settled with written(), giveBack() or discard(). */
  take(tenant: string, most: number): Row[] {
    const rows = this.waiting.get(tenant) ?? [];
    const batch = rows.splice(0, most);
    if (rows.length === 0) this.waiting.delete(tenant);
    this.count(this.taken, tenant, batch.length);
    return batch;
  }

  written(tenant: string, batch: readonly Row[]): void {
    this.count(this.taken, tenant, -batch.length);
    this.held -= batch.length;
  }

  giveBack(tenant: string, batch: readonly Row[]): void {
    this.count(this.taken, tenant, -batch.length);
    this.waiting.set(tenant, [...batch, ...(this.waiting.get(tenant) ?? [])]);
  }

  /** The batch can never be written. */
  discard(tenant: string, batch: readonly Row[]): void {
    this.written(tenant, batch);
    this.lose(tenant, batch.length);
  }

  /** Rows of a tenant that are not yet known to be in the database. */
  pending(tenant: string): number {
    return (this.waiting.get(tenant)?.length ?? 0) + (this.taken.get(tenant) ?? 0);
  }

  /** Rows of a tenant lost since this process started. */
  dropped(tenant: string): number {
    return this.losses.get(tenant) ?? 0;
  }

  get droppedInTotal(): number {
    return [...this.losses.values()].reduce((sum, losses) => sum + losses, 0);
  }

  private lose(tenant: string, rows: number): void {
    this.losses.set(tenant, this.dropped(tenant) + rows);
  }

  private count(counts: Map<string, number>, tenant: string, difference: number): void {
    const count = (counts.get(tenant) ?? 0) + difference;
    if (count > 0) counts.set(tenant, count);
    else counts.delete(tenant);
  }
}
