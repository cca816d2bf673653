import { ArgumentsHost, Catch, ExceptionFilter, Logger, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from '../security/rate-limit.errors.js';
import { rateLimitHeaders } from './admission.hook.js';
import { isMem0Route, toMem0Error } from './mem0-form.js';
import { isOpenAiRoute, toOpenAiError } from './openai-error.js';
import { toFailure, toProblem, type Failure, type Problem } from './http-error.js';

/** The one place where an error becomes a response. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** What 401 asks for. */
  protected readonly challenge: string = 'Bearer realm="ai-stack"';
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (isHealthResult(error)) {
      void reply.status(error.getStatus()).header('cache-control', 'no-store').send(error.getResponse());
      return;
    }
    const failure = toFailure(error);
    if (failure.unexpected) this.logger.error({ err: error, request_id: request.id }, `${request.method} ${request.routeOptions.url ?? '(no route)'} failed`);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (failure.status === 401) void reply.header('www-authenticate', this.challenge);
    if (failure.retryAfterSeconds !== undefined) void reply.header('retry-after', String(failure.retryAfterSeconds));
    if (error instanceof RateLimitedError) void reply.headers(rateLimitHeaders(error.budget));
    void reply.status(failure.status).header('cache-control', 'no-store');
    if (isOpenAiRoute(request.url)) void reply.type('application/json').send(toOpenAiError(failure));
    else if (isMem0Route(request.url)) void reply.type('application/json').send(toMem0Error(failure));
    else void reply.type('application/problem+json').send(JSON.stringify(this.problemOf(failure, request)));
  }

  protected problemOf(failure: Failure, request: FastifyRequest): Problem {
    return toProblem(failure, request.id);
  }
}

/** Probes read terminus' own form, not a problem document. */
function isHealthResult(error: unknown): error is ServiceUnavailableException {
  return error instanceof ServiceUnavailableException && typeof error.getResponse() === 'object' && 'details' in (error.getResponse() as object);
}
