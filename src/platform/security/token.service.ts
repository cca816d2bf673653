import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JSONWebKeySet, type JWK } from 'jose';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
import { notification, notifySql } from '../events/cluster-event-bus.js';
import { SigningKey } from './entities/signing-key.entity.js';

const algorithm = 'ES256';
const issuer = 'ai-stack';
const longestLifetimeSeconds = 900;
const day = 86_400_000;
/** A key signs for 30 days and verifies for one day more, longer than any token lives. */
const signsForMs = 30 * day;
const verifiesForMs = 31 * day;
const keysFreshMs = 60_000;

export interface TokenClaims {
  keyId: string;
  tokenId: string;
  /** At most these permissions. */
  scope: ReadonlySet<string>;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface TokenWanted {
  keyId: string;
  tenantId: string;
  /** Permissions, by spaces. */
  scope: string;
  /** Epoch milliseconds; absent: never. */
  keyExpiresAt?: number | undefined;
}

interface KeyRing {
  signing: { kid: string; key: Awaited<ReturnType<typeof importJWK>> };
  verify: ReturnType<typeof createLocalJWKSet>;
  readAt: number;
}

/** Issues and checks JWTs. Keys live in the control plane, rotate by themselves and are shared by all processes. */
@Injectable()
export class TokenService {
  private ring: KeyRing | undefined;
  private reading: Promise<KeyRing> | undefined;

  constructor(private readonly database: Database) {}

  /** For 15 minutes, or until its key expires. */
  async issue({ keyId, tenantId, scope, keyExpiresAt = Infinity }: TokenWanted): Promise<{ token: string; lifetimeSeconds: number }> {
    const { signing } = await this.keyRing();
    const lifetimeSeconds = Math.min(longestLifetimeSeconds, Math.ceil((keyExpiresAt - Date.now()) / 1000));
    const token = await new SignJWT({ tenant: tenantId, scope })
      .setProtectedHeader({ alg: algorithm, kid: signing.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(keyId)
      .setJti(uuidv7())
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(signing.key);
    return { token, lifetimeSeconds };
  }

  /** Undefined for a token that is malformed, expired, of another issuer or signed by a retired key. */
  async verify(token: string): Promise<TokenClaims | undefined> {
    try {
      const { verify } = await this.keyRing();
      const { payload } = await jwtVerify(token, verify, { issuer, algorithms: [algorithm], clockTolerance: 5 });
      const { sub, jti, exp, scope } = payload;
      if (!sub || !jti || !exp || typeof scope !== 'string') return undefined;
      return { keyId: sub, tokenId: jti, scope: new Set(scope.split(' ')), expiresAt: exp * 1000 };
    } catch (error) {
      if (isJoseError(error)) return undefined;
      throw error;
    }
  }

  /** Ends a token in the transaction of the `manager`; as soon as that commits every process knows. Kept until the token would have ended by itself. */
  async revoke(manager: EntityManager, { tokenId, expiresAt }: TokenClaims, tenantId: string): Promise<void> {
    await manager.query(`DELETE FROM public.revoked_tokens WHERE expires_at < now() - interval '1 minute'`);
    await manager.query('INSERT INTO public.revoked_tokens (id, expires_at) VALUES ($1, to_timestamp($2::float8 / 1000)) ON CONFLICT DO NOTHING', [tokenId, expiresAt]);
    await manager.query(notifySql, [notification('keys.changed', { tenantId })]);
  }

  /** However many ask for it at once, one transaction reads it. */
  private async keyRing(): Promise<KeyRing> {
    if (this.ring && Date.now() - this.ring.readAt < keysFreshMs) return this.ring;
    this.reading ??= this.readKeys().finally(() => {
      this.reading = undefined;
    });
    this.ring = await this.reading;
    return this.ring;
  }

  private async readKeys(): Promise<KeyRing> {
    const keys = await this.database.control.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('ai_stack.signing_keys'))`);
      const repository = manager.getRepository(SigningKey);
      const found = (await repository.find({ order: { createdAt: 'DESC' } })).filter((key) => Date.now() - key.createdAt.getTime() < verifiesForMs);
      const newest = found[0];
      if (newest && Date.now() - newest.createdAt.getTime() < signsForMs) return found;
      return [await repository.save(await newSigningKey()), ...found];
    });
    const current = keys[0]!;
    const jwks: JSONWebKeySet = { keys: keys.map((key) => ({ ...(key.publicKey as JWK), kid: key.kid, alg: algorithm })) };
    return { signing: { kid: current.kid, key: await importJWK(current.privateKey as JWK, algorithm) }, verify: createLocalJWKSet(jwks), readAt: Date.now() };
  }
}

async function newSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const key = new SigningKey();
  key.kid = uuidv7();
  key.algorithm = algorithm;
  key.publicKey = { ...(await exportJWK(publicKey)) };
  key.privateKey = { ...(await exportJWK(privateKey)) };
  key.createdAt = new Date();
  return key;
}

function isJoseError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('ERR_J');
}
