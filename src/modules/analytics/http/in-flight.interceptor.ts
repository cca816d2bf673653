import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { currentContext } from '../../../platform/tenancy/tenant-context.js';
import { RequestRecorder } from '../request-recorder.js';

/** Counts a request for its tenant while it is being answered; the recorder counts it from then on. */
@Injectable()
export class InFlightInterceptor implements NestInterceptor {
  constructor(private readonly recorder: RequestRecorder) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = currentContext();
    const slug = context?.tenant?.slug;
    if (execution.getType() === 'http' && context && slug) {
      const { inFlight } = this.recorder;
      inFlight.enter(slug, context.requestId);
      // Also when the client goes away before the answer.
      execution.switchToHttp().getResponse<FastifyReply>().raw.once('close', () => inFlight.leave(slug, context.requestId));
    }
    return next.handle();
  }
}
