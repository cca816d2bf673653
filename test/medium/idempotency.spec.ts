import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cipherKey, seal } from '../../src/platform/http/answer-cipher.js';
import { Idempotency } from '../../src/platform/http/idempotency.js';
import { IdempotencyStore, type Attempt } from '../../src/platform/http/idempotency.store.js';
import { ServerSecrets } from '../../src/platform/security/server-secrets.js';
import { runWithContext } from '../../src/platform/tenancy/tenant-context.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
let tenantId: string;
beforeAll(async () => {
  platform = await openPlatform({ migrated: true });
  tenantId = (await platform.tenants.bySlug('default')).id;
});
afterAll(() => platform.close());

/** A process of its own. */
const store = () => new IdempotencyStore(platform.database, new ServerSecrets(platform.database));
const attempt = (use: string, formerSecret: string): Attempt => ({ tenantId, key: createHash('sha256').update(use).digest('hex'), fingerprint: Buffer.from(use), use, formerSecret });
const answer = { status: 201, body: { key: 'ask_shown_once' } };

describe(IdempotencyStore.name, () => {
  it('gives its answers to every credential of a caller, on every process, and the table does not tell them', async () => {
    const [one, other] = [store(), store()];
    expect(await one.claim(attempt('caller:k1', 'token 1'))).toBeUndefined();
    await one.complete(attempt('caller:k1', 'token 1'), answer);
    expect(await other.claim(attempt('caller:k1', 'token 2'))).toEqual(answer);
    const { rows } = await platform.database.pool.query<{ response: string }>('SELECT response FROM idempotency_keys');
    expect(Buffer.from(String(rows[0]?.response).slice(2), 'base64').toString('latin1')).not.toContain('ask_');
  });

  it('still gives the answers that version 0.1 kept, to the credential that asked', async () => {
    const kept = attempt('caller:k2', 'ask_credential:k2');
    const sealed = seal(JSON.stringify(answer.body), cipherKey(kept.formerSecret, 'ai-stack idempotency'));
    await platform.database.pool.query('INSERT INTO idempotency_keys (tenant_id, key, fingerprint, status, response) VALUES ($1, $2, $3, 201, $4)', [tenantId, kept.key, kept.fingerprint, JSON.stringify(sealed)]);
    expect(await store().claim(kept)).toEqual(answer);
  });
});

describe(Idempotency.name, () => {
  const ask = (work: () => Promise<unknown>, key: string) => {
    const request = { method: 'POST', url: '/v1/memories', headers: { 'idempotency-key': key }, body: {} } as unknown as FastifyRequest;
    const reply = { statusCode: 201 } as FastifyReply;
    const principal = { kind: 'api_key' as const, id: 'caller', tenantId, permissions: new Set<string>() };
    return runWithContext({ requestId: 'r', principal }, () => new Idempotency(store()).once(request, reply, work));
  };

  it('frees the key of a request that failed, and of no other', async () => {
    let done = 0;
    await expect(ask(() => Promise.reject(new Error('refused')), 'k3')).rejects.toThrow('refused');
    await expect(ask(() => Promise.resolve({ done: ++done }), 'k3')).resolves.toEqual({ done: 1 });
    // Its answer cannot be kept, but the work is done.
    await expect(ask(() => Promise.resolve({ done: BigInt(++done) }), 'k4')).rejects.toThrow('BigInt');
    await expect(ask(() => Promise.resolve({ done: ++done }), 'k4')).rejects.toMatchObject({ code: 'idempotency.in_progress' });
    expect(done).toBe(2);
  });
});
