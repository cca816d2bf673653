import { Injectable, OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ClusterEventBus } from '../events/cluster-event-bus.js';
import { ApiKeyService } from './api-key.service.js';
import { hashApiKey } from './api-key.js';
import { looksLikeJwt } from './credential.js';
import type { Identity } from './identity.js';
import { TokenService } from './token.service.js';

const mostIdentities = 10_000;
/** Longest that a revoked key can still pass if the revocation event is lost. */
const rememberMs = 10_000;
const unknown = Symbol('unknown credential');

/** Credential → who it is. Found identities and unknown credentials are remembered for seconds, by hash, never by key. */
@Injectable()
export class Authenticator implements OnModuleInit {
  private readonly remembered = new LRUCache<string, Promise<Identity | typeof unknown>>({ max: mostIdentities, ttl: rememberMs });

  constructor(
    private readonly keys: ApiKeyService,
    private readonly tokens: TokenService,
    private readonly cluster: ClusterEventBus,
  ) {}

  onModuleInit(): void {
    this.cluster.on('keys.changed', () => this.remembered.clear());
    this.cluster.onReconnected(() => this.remembered.clear());
  }

  /** Undefined when the credential is unknown, expired or revoked, or its tenant is not active. */
  async identify(credential: string): Promise<Identity | undefined> {
    const slot = hashApiKey(credential).toString('base64');
    let found = this.remembered.get(slot);
    if (!found) {
      found = this.lookUp(credential);
      this.remembered.set(slot, found);
      found.catch(() => this.remembered.delete(slot));
    }
    const identity = await found;
    if (identity === unknown) return undefined;
    return this.expired(identity) ? undefined : identity;
  }

  private async lookUp(credential: string): Promise<Identity | typeof unknown> {
    const identity = looksLikeJwt(credential) ? await this.byToken(credential) : await this.keys.findByHash(hashApiKey(credential));
    return identity ?? unknown;
  }

  /** A token is worth no more than the key it was issued for: revoking the key ends the token. */
  private async byToken(token: string): Promise<Identity | undefined> {
    const claims = await this.tokens.verify(token);
    if (!claims) return undefined;
    const identity = await this.keys.findById(claims.keyId);
    if (!identity) return undefined;
    return { ...identity, expiresAt: claims.expiresAt };
  }

  private expired({ expiresAt }: Identity): boolean {
    return expiresAt !== undefined && expiresAt <= Date.now();
  }
}
