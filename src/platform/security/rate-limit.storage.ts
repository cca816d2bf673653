import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';

interface Window {
  hits: number;
  endsAt: number;
}

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

const mostCallers = 100_000;

/**
 * Fixed windows in a bounded LRU, one entry a caller.
 * The library's own storage sets a timer for every hit, which at 1,000 requests/s is 60,000 live timers.
 */
export class RateLimitStorage implements ThrottlerStorage {
  private readonly windows = new LRUCache<string, Window>({ max: mostCallers });

  increment(key: string, ttl: number, limit: number): Promise<Hit> {
    const now = Date.now();
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + ttl };
      this.windows.set(key, window);
    }
    window.hits += 1;
    const seconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    const isBlocked = window.hits > limit;
    return Promise.resolve({ totalHits: window.hits, timeToExpire: seconds, isBlocked, timeToBlockExpire: isBlocked ? seconds : 0 });
  }
}
