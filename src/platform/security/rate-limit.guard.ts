import { ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#libs/contracts';
import { currentContext } from '../tenancy/tenant-context.js';

/** One budget a key (or, without a valid key, an address) over all routes, with the standard RateLimit headers. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override headerPrefix = 'RateLimit';

  /** Probes must answer however busy it is, and WebSocket gateways have no response to put headers on. */
  protected override shouldSkip(execution: ExecutionContext): Promise<boolean> {
    if (execution.getType() !== 'http') return Promise.resolve(true);
    return Promise.resolve(execution.switchToHttp().getRequest<FastifyRequest>().url.startsWith('/health/'));
  }

  protected override getTracker(request: FastifyRequest): Promise<string> {
    return Promise.resolve(currentContext()?.principal?.id ?? `ip:${request.ip}`);
  }

  protected override generateKey(_execution: ExecutionContext, tracker: string): string {
    return tracker;
  }

  protected override throwThrottlingException(_execution: ExecutionContext, { limit, timeToBlockExpire }: ThrottlerLimitDetail): Promise<void> {
    throw new AppError('http.rate_limited', 'limited', `More than ${limit} requests in a minute. Wait ${timeToBlockExpire} s, or ask the operator for a higher limit.`, {
      retryAfterSeconds: timeToBlockExpire,
    });
  }
}
