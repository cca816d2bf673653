interface Waiting {
  key: string;
  enter: () => void;
}

/** How many may work at once, together and for one key. Whoever finds no place waits for one, first come first served. */
export class Places {
  /** Message of the RangeError when there is not even a place to wait. */
  static readonly full = 'Too many wait already';

  private total = 0;
  private readonly taken = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly limits: { total: number; perKey: number; waitingPerKey: number }) {}

  /**
   * @returns what gives the place back (once; later calls do nothing)
   * @throws what the signal was aborted with, or RangeError when too many of the key wait already
   */
  async enter(key: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (!this.isFree(key)) await this.wait(key, signal);
    else this.take(key);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.leave(key);
    };
  }

  private wait(key: string, signal: AbortSignal): Promise<void> {
    if ([...this.waiting].filter((other) => other.key === key).length >= this.limits.waitingPerKey) throw new RangeError(Places.full);
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.waiting.delete(entry);
        reject(signal.reason as Error);
      };
      const entry = {
        key,
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      this.waiting.add(entry);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  private take(key: string): void {
    this.total++;
    this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
  }

  private leave(key: string): void {
    this.total--;
    const left = (this.taken.get(key) ?? 1) - 1;
    if (left > 0) this.taken.set(key, left);
    else this.taken.delete(key);
    for (const next of this.waiting) {
      if (!this.isFree(next.key)) continue;
      this.waiting.delete(next);
      this.take(next.key);
      next.enter();
      return;
    }
  }

  private isFree(key: string): boolean {
    return this.total < this.limits.total && (this.taken.get(key) ?? 0) < this.limits.perKey;
  }
}
