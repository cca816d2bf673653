import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { ClusterEventBus } from '../events/cluster-event-bus.js';
import { ApiKeyService } from './api-key.service.js';
import type { Identity } from './identity.js';

const checkEveryMs = 5_000;

interface Watched {
  identity: Identity;
  end: () => void;
}

/** Ends what is still open in the name of a key or token when that has ended: at once when it is told, within 5 s otherwise. */
@Injectable()
export class KeyWatch implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(KeyWatch.name);
  /** By who it is: many things are open in the name of one key. */
  private readonly watched = new Map<string, Set<Watched>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: ApiKeyService,
    private readonly events: ClusterEventBus,
  ) {}

  onModuleInit(): void {
    this.events.on('keys.changed', ({ tenantId }) => void this.check(tenantId));
    this.events.onReconnected(() => void this.check());
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @returns forgets it: to be called when it is closed, which `end` itself may do */
  watch(identity: Identity, end: () => void): () => void {
    this.timer ??= setInterval(() => void this.check(), checkEveryMs).unref();
    const name = nameOf(identity);
    const same = this.watched.get(name) ?? new Set();
    this.watched.set(name, same);
    const one = { identity, end };
    same.add(one);
    return () => {
      if (same.delete(one) && same.size === 0) this.watched.delete(name);
    };
  }

  private async check(tenantId?: string): Promise<void> {
    const identities = [...this.watched.values()].flatMap(([one]) => (one && (tenantId === undefined || one.identity.tenant.tenantId === tenantId) ? [one.identity] : []));
    if (identities.length === 0) return;
    try {
      const good = await this.keys.stillGood(identities);
      for (const identity of identities) if (!good.has(identity)) for (const { end } of [...(this.watched.get(nameOf(identity)) ?? [])]) end();
    } catch (error) {
      this.logger.warn({ err: error, keys: identities.length }, 'Whether the keys of open connections still hold is not known; the next check is in 5 s');
    }
  }
}

function nameOf({ principal, tokenId, expiresAt }: Identity): string {
  return `${principal.id} ${tokenId} ${expiresAt}`;
}
