import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JSONWebKeySet, type JWK } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
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
      return payload.sub && payload.exp ? { keyId: payload.sub, expiresAt: payload.exp * 1000 } : undefined;
    } catch (error) {
      if (isJoseError(error)) return undefined;
      throw error;
    }
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
