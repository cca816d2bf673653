import { applyDecorators, CallHandler, ExecutionContext, Injectable, NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, Observable } from 'rxjs';
import { Idempotency, TakesIdempotencyKey } from './idempotency.js';

/** `Idempotency.once` around a whole route. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly idempotency: Idempotency) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    return from(this.idempotency.once(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), () => lastValueFrom(next.handle(), { defaultValue: undefined })));
  }
}

/** For POST routes with a JSON body that create something. */
export function Idempotent() {
  return applyDecorators(UseInterceptors(IdempotencyInterceptor), TakesIdempotencyKey());
}
