/** One found chunk. */
export interface Hit {
  key: number;
  document: number;
  score: number;
}

/**
 * Keeps the best `limit` hits offered to it: a binary heap with the worst hit at its root, in columns, so that an offer makes no garbage.
 * Equal scores are ordered by key, so that two replicas with different segments agree.
 */
export class TopHits {
  private readonly scores: number[] = [];
  private readonly keys: number[] = [];
  private readonly documents: number[] = [];

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.scores.length;
  }

  /** A score below this one cannot enter any more; -Infinity while there is room. */
  get threshold(): number {
    return this.size < this.limit ? -Infinity : (this.scores[0] ?? Infinity);
  }

  offer(score: number, key: number, document: number): void {
    const { size } = this;
    if (size < this.limit) {
      this.put(size, score, key, document);
      this.siftUp(size);
    } else if (size > 0 && this.isWorseThan(0, score, key)) {
      this.put(0, score, key, document);
      this.siftDown();
    }
  }

  /** The hits, best first. */
  sorted(): Hit[] {
    const hits = this.scores.map((score, place): Hit => ({ key: this.keys[place] as number, document: this.documents[place] as number, score }));
    return hits.sort((a, b) => b.score - a.score || a.key - b.key);
  }

  private put(place: number, score: number, key: number, document: number): void {
    this.scores[place] = score;
    this.keys[place] = key;
    this.documents[place] = document;
  }

  private isWorseThan(place: number, score: number, key: number): boolean {
    const own = this.scores[place] as number;
    return own < score || (own === score && (this.keys[place] as number) > key);
  }

  private isWorse(a: number, b: number): boolean {
    return this.isWorseThan(a, this.scores[b] as number, this.keys[b] as number);
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
      if (left >= this.size) return;
      const right = left + 1;
      const child = right < this.size && this.isWorse(right, left) ? right : left;
      if (!this.isWorse(child, parent)) return;
      this.swap(child, parent);
      parent = child;
    }
  }

  private swap(a: number, b: number): void {
    const score = this.scores[a] as number;
    const key = this.keys[a] as number;
    const document = this.documents[a] as number;
    this.put(a, this.scores[b] as number, this.keys[b] as number, this.documents[b] as number);
    this.put(b, score, key, document);
  }
}
