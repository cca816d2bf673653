/** One found chunk. */
export interface Hit {
  key: number;
  document: number;
  score: number;
}

/**
 * Keeps the best `limit` hits offered to it: a binary heap with the worst hit at its root.
 * Equal scores are ordered by key, so that two replicas with different segments agree.
 */
export class TopHits {
  private readonly heap: Hit[] = [];

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.heap.length;
  }

  /** A score below this one cannot enter any more; -Infinity while there is room. */
  get threshold(): number {
    return this.heap.length < this.limit ? -Infinity : (this.heap[0]?.score ?? Infinity);
  }

  offer(score: number, key: number, document: number): void {
    const heap = this.heap;
    if (heap.length < this.limit) {
      heap.push({ key, document, score });
      this.siftUp(heap.length - 1);
      return;
    }
    const worst = heap[0];
    if (worst === undefined || score < worst.score || (score === worst.score && key > worst.key)) return;
    heap[0] = { key, document, score };
    this.siftDown();
  }

  /** The hits, best first. */
  sorted(): Hit[] {
    return [...this.heap].sort((a, b) => b.score - a.score || a.key - b.key);
  }

  private isWorse(a: number, b: number): boolean {
    const left = this.heap[a] as Hit;
    const right = this.heap[b] as Hit;
    return left.score < right.score || (left.score === right.score && left.key > right.key);
  }

  private siftUp(from: number): void {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.isWorse(child, parent)) return;
      this.swap(child, parent);
      child = parent;
    }
  }

  private siftDown(): void {
    let parent = 0;
    for (;;) {
      const left = parent * 2 + 1;
      if (left >= this.heap.length) return;
      const right = left + 1;
      const child = right < this.heap.length && this.isWorse(right, left) ? right : left;
      if (!this.isWorse(child, parent)) return;
      this.swap(child, parent);
      parent = child;
    }
  }

  private swap(a: number, b: number): void {
    const kept = this.heap[a] as Hit;
    this.heap[a] = this.heap[b] as Hit;
    this.heap[b] = kept;
  }
}
