import { Catch } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Failure, Problem } from '../../../platform/http/http-error.js';
import { ProblemFilter } from '../../../platform/http/problem.filter.js';

const byCode: Record<string, string> = { 'auth.invalid_scope': 'invalid_scope', 'auth.foreign_token': 'unauthorized_client' };

/** Problems that clients of OAuth 2 understand, too: with the member `error` (RFC 6749 section 5.2). */
@Catch()
export class OAuthFilter extends ProblemFilter {
  protected override readonly challenge = 'Basic realm="ai-stack"';

  protected override problemOf(failure: Failure, request: FastifyRequest): Problem {
    return { ...super.problemOf(failure, request), ...oauthError(failure, request) };
  }
}

function oauthError({ status, code, errors = [] }: Failure, { body }: FastifyRequest): { error?: string } {
  if (status === 401) return { error: 'invalid_client' };
  if (status !== 400) return {};
  const named = typeof (body as { grant_type?: unknown } | null)?.grant_type === 'string';
  if (named && errors.some(({ path }) => path === 'grant_type')) return { error: 'unsupported_grant_type' };
  return { error: byCode[code] ?? 'invalid_request' };
}
