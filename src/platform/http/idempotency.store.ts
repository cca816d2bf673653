import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '#libs/contracts';
import { Database } from '../database/database.js';

/** A request that neither answered nor failed for so long died with its process: its key is free again. */
const abandonedAfter = `interval '10 minutes'`;
const keptFor = `interval '24 hours'`;
const purgeEveryMs = 3_600_000;

export interface Attempt {
  tenantId: string;
  /** SHA-256 of caller and Idempotency-Key, hex. */
  key: string;
  /** SHA-256 of method, path and body. */
  fingerprint: Buffer;
  /** What only this caller knows; stored answers are encrypted with it, since they may hold keys that are shown once. */
  secret: string;
}

export interface StoredAnswer {
  status: number;
  body: unknown;
}

/** Answers kept for repeated requests, 24 hours. */
@Injectable()
export class IdempotencyStore implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

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
    return { status: row.status, body: JSON.parse(decrypt(String(row.response), attempt.secret)) as unknown };
  }

  async complete(attempt: Attempt, answer: StoredAnswer): Promise<void> {
    await this.database.pool.query(`UPDATE public.idempotency_keys SET status = $3, response = $4 WHERE tenant_id = $1 AND key = $2`, [
      attempt.tenantId,
      attempt.key,
      answer.status,
      JSON.stringify(encrypt(JSON.stringify(answer.body ?? null), attempt.secret)),
    ]);
  }

  /** The request failed: the same key may try again. */
  async release(attempt: Attempt): Promise<void> {
    await this.database.pool.query(`DELETE FROM public.idempotency_keys WHERE tenant_id = $1 AND key = $2 AND status IS NULL`, [attempt.tenantId, attempt.key]);
  }

  private async purge(): Promise<void> {
    await this.database.pool.query(`DELETE FROM public.idempotency_keys WHERE created_at < now() - ${keptFor}`).catch(() => {
      // The next hour tries again; an expired row is ignored by claim() anyway.
    });
  }
}

const ivBytes = 12;
const tagBytes = 16;

function keyFrom(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'ai-stack idempotency', 32));
}

function encrypt(text: string, secret: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', keyFrom(secret), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function decrypt(text: string, secret: string): string {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyFrom(secret), bytes.subarray(0, ivBytes));
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
}
