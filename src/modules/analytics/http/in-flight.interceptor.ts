import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { currentContext } from '../../../platform/tenancy/tenant-context.js';
import { RequestRecorder } from '../request-recorder.js';

/** Counts a request for its tenant while it is being answered; from the end of it on, whatever that was, the recorder counts it. */
@Injectable()
export class InFlightInterceptor implements NestInterceptor {
  constructor(private readonly recorder: RequestRecorder) {}

  intercept(_execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = currentContext();
    const slug = context?.tenant?.slug;
    if (context && slug) this.recorder.inFlight.enter(slug, context.requestId);
    return next.handle();
  }
}
