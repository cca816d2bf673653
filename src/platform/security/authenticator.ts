import { Injectable, OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ClusterEventBus } from '../events/cluster-event-bus.js';
import { ApiKeyService } from './api-key.service.js';
import { hashApiKey } from './api-key.js';
import { looksLikeJwt } from './credential.js';
import type { Identity } from './identity.js';
import { narrowed } from './permissions.js';
import { RateLimiter } from './rate-limiter.js';
import { TokenService } from './token.service.js';

const mostIdentities = 10_000;
const mostUnknown = 1_000;
/** Longest that a revoked key can still pass if the revocation event is lost. */
const rememberMs = 10_000;

interface Seen {
  identity: Identity;
  /** Epoch milliseconds; looked up again from then on. */
  until: number;
}

/**
 * Credential → who it is, remembered for seconds by hash, never by key. Unknown credentials have a small memory of their own: guesses
 * push no caller out. Guesses are looked up within the budget of their address; a credential that was good before always is.
 */
@Injectable()
export class Authenticator implements OnModuleInit {
  private readonly good = new LRUCache<string, Seen>({ max: mostIdentities });
  private readonly unknown = new LRUCache<string, true>({ max: mostUnknown, ttl: rememberMs });
  private readonly underWay = new Map<string, Promise<Identity | undefined>>();

  constructor(
    private readonly keys: ApiKeyService,
    private readonly tokens: TokenService,
    private readonly limits: RateLimiter,
    private readonly cluster: ClusterEventBus,
  ) {}

  onModuleInit(): void {
    this.cluster.on('keys.changed', () => this.lookAgain());
    this.cluster.onReconnected(() => this.lookAgain());
  }

  /**
   * @param address where the request comes from
   * @returns undefined when the credential is unknown, expired or revoked, or its tenant is not active
   * @throws RateLimitedError when it was never seen to be good and the address has no request left to look it up
   */
  async identify(credential: string, address: string): Promise<Identity | undefined> {
    const slot = hashApiKey(credential).toString('base64');
    const seen = this.good.get(slot);
    if (seen && seen.until > Date.now()) return expired(seen.identity) ? undefined : seen.identity;
    if (this.unknown.has(slot)) return undefined;
    return this.underWay.get(slot) ?? this.begin(slot, seen ? this.lookUp(credential) : this.limits.whileHolding(address, () => this.lookUp(credential)));
  }

  /** One look-up a credential at a time. What was asked before a change is answered to those who wait, but not remembered. */
  private begin(slot: string, lookUp: Promise<Identity | undefined>): Promise<Identity | undefined> {
    const isCurrent = () => this.underWay.get(slot) === found;
    const found: Promise<Identity | undefined> = lookUp.then(
      (identity) => {
        if (isCurrent()) this.remember(slot, identity);
        return identity;
      },
    ).finally(() => isCurrent() && this.underWay.delete(slot));
    this.underWay.set(slot, found);
    return found;
  }

  private remember(slot: string, identity: Identity | undefined): void {
    if (identity) this.good.set(slot, { identity, until: Date.now() + rememberMs });
    else {
      this.good.delete(slot);
      this.unknown.set(slot, true);
    }
  }

  private lookAgain(): void {
    for (const seen of this.good.values()) seen.until = 0;
    this.unknown.clear();
    this.underWay.clear();
  }

  private async lookUp(credential: string): Promise<Identity | undefined> {
    const identity = looksLikeJwt(credential) ? await this.byToken(credential) : await this.keys.findByHash(hashApiKey(credential));
    return identity && !expired(identity) ? identity : undefined;
  }

  /** A token is worth no more than the key it was issued for: it ends with the key, whether that is revoked or expires. */
  private async byToken(token: string): Promise<Identity | undefined> {
    const claims = await this.tokens.verify(token);
    if (!claims) return undefined;
    const identity = await this.keys.findByToken(claims);
    if (!identity) return undefined;
    const { principal } = identity;
    return {
      ...identity,
      principal: { ...principal, permissions: narrowed(principal.permissions, claims.scope) },
      tokenId: claims.tokenId,
      expiresAt: Math.min(claims.expiresAt, identity.expiresAt ?? Infinity),
    };
  }
}

function expired({ expiresAt }: Identity): boolean {
  return expiresAt !== undefined && expiresAt <= Date.now();
}
