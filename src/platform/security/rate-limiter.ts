import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { networkOf } from './client-network.js';
import type { Identity } from './identity.js';
import { RateLimitedError, type Budget } from './rate-limit.errors.js';

interface Window {
  hits: number;
  /** Epoch milliseconds. */
  endsAt: number;
}

const windowMs = 60_000;
const mostCallers = 100_000;

/** One budget a key or, without a valid key, an address (of IPv6 its /64 network), over all routes: fixed windows of a minute, kept by this process alone. */
@Injectable()
export class RateLimiter {
  private readonly windows = new LRUCache<string, Window>({ max: mostCallers });

  constructor(@Inject(ENV) private readonly env: Pick<Env, 'RATE_LIMIT_PER_MINUTE' | 'RATE_LIMIT_ANONYMOUS_PER_MINUTE'>) {}

  /** Counts a request. @returns what is left; undefined without a limit @throws RateLimitedError */
  count(identity: Identity | undefined, address: string): Budget | undefined {
    const limit = identity ? this.env.RATE_LIMIT_PER_MINUTE : this.env.RATE_LIMIT_ANONYMOUS_PER_MINUTE;
    if (limit === 0) return undefined;
    const window = this.window(identity ? identity.principal.id : strangersAt(address));
    window.hits++;
    const budget = budgetOf(window, limit);
    if (window.hits > limit) throw new RateLimitedError(budget);
    return budget;
  }

  /** Does the work if the address has a request left, and holds that one meanwhile. @throws RateLimitedError */
  async whileHolding<T>(address: string, work: () => Promise<T>): Promise<T> {
    const limit = this.env.RATE_LIMIT_ANONYMOUS_PER_MINUTE;
    if (limit === 0) return work();
    const window = this.window(strangersAt(address));
    if (window.hits >= limit) throw new RateLimitedError(budgetOf(window, limit));
    window.hits++;
    try {
      return await work();
    } finally {
      window.hits--;
    }
  }

  private window(caller: string): Window {
    const now = Date.now();
    let window = this.windows.get(caller);
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + windowMs };
      this.windows.set(caller, window);
    }
    return window;
  }
}

function strangersAt(address: string): string {
  return `ip:${networkOf(address)}`;
}

function budgetOf({ hits, endsAt }: Window, limit: number): Budget {
  return { limit, remaining: Math.max(0, limit - hits), resetSeconds: Math.max(1, Math.ceil((endsAt - Date.now()) / 1000)) };
}
