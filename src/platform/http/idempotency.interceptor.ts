import { applyDecorators, CallHandler, ExecutionContext, Injectable, NestInterceptor, UseInterceptors } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { catchError, from, mergeMap, Observable, of } from 'rxjs';
import { AppError } from '#libs/contracts';
import { requirePrincipal } from '../tenancy/tenant-context.js';
import { credentialOf } from '../security/credential.js';
import { IdempotencyStore, type Attempt } from './idempotency.store.js';

const keyShape = /^[\x21-\x7e]{1,200}$/;

/** The same key and body answer the same for 24 hours, without doing the work again. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly store: IdempotencyStore) {}

  async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    const attempt = attemptOf(request);
    if (!attempt) return next.handle();
    const earlier = await this.store.claim(attempt);
    if (earlier) {
      void reply.status(earlier.status).header('idempotency-replayed', 'true');
      return of(earlier.body);
    }
    return next.handle().pipe(
      mergeMap(async (body: unknown) => {
        await this.store.complete(attempt, { status: reply.statusCode, body });
        return body;
      }),
      catchError((error: unknown) => from(this.releaseAndThrow(attempt, error))),
    );
  }

  private async releaseAndThrow(attempt: Attempt, error: unknown): Promise<never> {
    await this.store.release(attempt);
    throw error;
  }
}

/** For POST routes that create something. */
export function Idempotent() {
  return applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key and body answer the same for 24 h; the same key with another body: 409', example: 'import-2026-11-21-0001', schema: { type: 'string', maxLength: 200 } }),
  );
}

function attemptOf(request: FastifyRequest): Attempt | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !keyShape.test(given)) {
    throw new AppError('idempotency.invalid_key', 'invalid', 'Idempotency-Key must be 1 to 200 visible ASCII characters.');
  }
  const principal = requirePrincipal();
  const key = createHash('sha256').update(`${principal.id}:${given}`).digest('hex');
  const fingerprint = createHash('sha256')
    .update(`${request.method} ${request.url}\n${request.headers['content-length'] ?? ''}\n`)
    .update(JSON.stringify(request.body ?? null))
    .digest();
  return { tenantId: principal.tenantId, key, fingerprint, secret: `${credentialOf(request) ?? ''}:${given}` };
}
