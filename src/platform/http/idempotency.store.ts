import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { Database } from '../database/database.js';
import { ServerSecrets } from '../security/server-secrets.js';
import { cipherKey, seal, unseal } from './answer-cipher.js';

/** A request that neither answered nor failed for so long died with its process: its key is free again. */
const abandonedAfter = `interval '10 minutes'`;
const keptFor = `interval '24 hours'`;
const purgeEveryMs = 3_600_000;

export interface Attempt {
  tenantId: string;
  /** SHA-256 of caller and Idempotency-Key, hex. */
  key: string;
  /** SHA-256 of method, URL and content. */
  fingerprint: Buffer;
  /** Caller and Idempotency-Key: the answer is encrypted for this use of the key alone. */
  use: string;
  /** Credential and Idempotency-Key, with which version 0.1 encrypted. */
  formerSecret: string;
}

export interface StoredAnswer {
  status: number;
  body: unknown;
}

/** Marks answers that are encrypted with the server's secret; base64 never holds it. */
const sealedByServer = '1:';

/**
 * Answers kept for repeated requests, 24 hours. They are encrypted, since they may hold keys that are shown once: with a secret of the
 * server and the Idempotency-Key, of which the database knows only a hash, so that any credential of the same caller finds its answer.
 */
@Injectable()
export class IdempotencyStore implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly secrets: ServerSecrets,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.purge(), purgeEveryMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Claims the key, or returns the answer that was given for it. @throws idempotency.key_reused, idempotency.in_progress */
  async claim(attempt: Attempt): Promise<StoredAnswer | undefined> {
    const claimed = await this.database.pool.query(
      `INSERT INTO public.idempotency_keys (tenant_id, key, fingerprint) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = NULL, response = NULL, created_at = now()
         WHERE idempotency_keys.created_at < now() - ${keptFor}
            OR (idempotency_keys.status IS NULL AND idempotency_keys.created_at < now() - ${abandonedAfter})
       RETURNING 1`,
      [attempt.tenantId, attempt.key, attempt.fingerprint],
    );
    if (claimed.rowCount) return undefined;
    const { rows } = await this.database.pool.query<{ fingerprint: Buffer; status: number | null; response: string | null }>(
      `SELECT fingerprint, status, response FROM public.idempotency_keys WHERE tenant_id = $1 AND key = $2`,
      [attempt.tenantId, attempt.key],
    );
    const [row] = rows;
    if (row && !row.fingerprint.equals(attempt.fingerprint)) {
      throw new AppError('idempotency.key_reused', 'conflict', 'This Idempotency-Key was used for another request within 24 hours. Use a new key for a new request.');
    }
    if (!row || row.status === null) {
      throw new AppError('idempotency.in_progress', 'conflict', 'The first request with this Idempotency-Key is still at work. Ask again in a moment.', { retryAfterSeconds: 1 });
    }
    return { status: row.status, body: await this.read(String(row.response), attempt) };
  }

  async complete(attempt: Attempt, answer: StoredAnswer): Promise<void> {
    await this.database.pool.query(`UPDATE public.idempotency_keys SET status = $3, response = $4 WHERE tenant_id = $1 AND key = $2`, [
      attempt.tenantId,
      attempt.key,
      answer.status,
      JSON.stringify(sealedByServer + seal(JSON.stringify(answer.body ?? null), await this.keyFor(attempt))),
    ]);
  }

  /** The request failed: the same key may try again. */
  async release(attempt: Attempt): Promise<void> {
    await this.database.pool.query(`DELETE FROM public.idempotency_keys WHERE tenant_id = $1 AND key = $2 AND status IS NULL`, [attempt.tenantId, attempt.key]);
  }

  /** What version 0.1 wrote is gone a day after the upgrade; until then the credential that sent it reads it. */
  private async read(response: string, attempt: Attempt): Promise<unknown> {
    const [text, key] = response.startsWith(sealedByServer)
      ? [response.slice(sealedByServer.length), await this.keyFor(attempt)]
      : [response, cipherKey(attempt.formerSecret, 'ai-stack idempotency')];
    return JSON.parse(unseal(text, key)) as unknown;
  }

  private async keyFor({ use }: Attempt): Promise<Buffer> {
    return cipherKey(await this.secrets.get('idempotency'), `ai-stack idempotency ${use}`);
  }

  private async purge(): Promise<void> {
    await this.database.pool.query(`DELETE FROM public.idempotency_keys WHERE created_at < now() - ${keptFor}`).catch(() => {
      // The next hour tries again; an expired row is ignored by claim() anyway.
    });
  }
}
