import { Injectable, Logger } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { AppError } from '#libs/contracts';
import { credentialOf } from '../security/credential.js';
import { requirePrincipal } from '../tenancy/tenant-context.js';
import { IdempotencyStore, type Attempt } from './idempotency.store.js';

const keyShape = /^[\x21-\x7e]{1,200}$/;

/** The same `Idempotency-Key` and content from the same caller: the same answer for 24 hours, without doing the work again. */
@Injectable()
export class Idempotency {
  private readonly logger = new Logger(Idempotency.name);

  constructor(private readonly store: IdempotencyStore) {}

  /**
   * Does the work, unless the request has been answered before. A failure is not kept: the same key may try again.
   * @param content what makes it the same request, beside method and URL: of a JSON body its text, of an upload what is in the files
   * @throws AppError idempotency.key_reused, idempotency.in_progress, idempotency.invalid_key
   */
  async once(request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>, content = jsonContent(request)): Promise<unknown> {
    const attempt = attemptOf(request, content);
    if (!attempt) return work();
    const earlier = await this.store.claim(attempt);
    if (earlier) {
      void reply.status(earlier.status).header('idempotency-replayed', 'true');
      return earlier.body;
    }
    const body = await this.orRelease(attempt, work);
    // Should this fail, the work is done all the same: the key stays taken, so that nobody does it again.
    await this.store.complete(attempt, { status: reply.statusCode, body });
    return body;
  }

  private async orRelease(attempt: Attempt, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      await this.store.release(attempt).catch((failure: unknown) => this.logger.warn({ err: failure }, 'An Idempotency-Key of a failed request could not be released; it is free again in ten minutes'));
      throw error;
    }
  }
}

/** Documents the header on a route that calls `Idempotency.once` itself. */
export function TakesIdempotencyKey() {
  return ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key and body answer the same for 24 h; the same key with another body: 409', example: 'import-2026-11-21-0001', schema: { type: 'string', maxLength: 200 } });
}

function jsonContent({ headers, body }: FastifyRequest): string {
  return `${headers['content-length'] ?? ''}\n${JSON.stringify(body ?? null)}`;
}

function attemptOf(request: FastifyRequest, content: string): Attempt | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !keyShape.test(given)) {
    throw new AppError('idempotency.invalid_key', 'invalid', 'Idempotency-Key must be 1 to 200 visible ASCII characters.');
  }
  const principal = requirePrincipal();
  const use = `${principal.id}:${given}`;
  return {
    tenantId: principal.tenantId,
    key: createHash('sha256').update(use).digest('hex'),
    fingerprint: createHash('sha256').update(`${request.method} ${request.url}\n${content}`).digest(),
    use,
    formerSecret: `${credentialOf(request) ?? ''}:${given}`,
  };
}
