import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';
import { LocalEventBus } from '../events/local-event-bus.js';

const flushEveryMs = 60_000;
/** More keys than this in one minute: the others are told of in a later one. */
const mostKeys = 10_000;

/**
 * When each key was last used, to the minute: one statement a minute for all of them, and none in the way of a request.
 * What a killed process had not written yet is not known.
 */
@Injectable()
export class KeyUsage implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyUsage.name);
  /** Epoch milliseconds by id of the key. */
  private used = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly events: LocalEventBus,
  ) {}

  onApplicationBootstrap(): void {
    this.events.on('request.completed', ({ principalId, at }) => {
      if (principalId !== undefined && (this.used.size < mostKeys || this.used.has(principalId))) this.used.set(principalId, at);
    });
    this.timer = setInterval(() => void this.flush(), flushEveryMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** Keys that another process is writing are left to it: they are in use either way. */
  async flush(): Promise<void> {
    if (this.used.size === 0) return;
    const used = this.used;
    this.used = new Map();
    try {
      await this.database.pool.query(
        `WITH used AS (SELECT * FROM unnest($1::uuid[], $2::float8[]) AS used (id, ms)),
           free AS (SELECT key.id, to_timestamp(used.ms / 1000) AS at FROM public.api_keys key JOIN used USING (id)
             WHERE key.last_used_at IS NULL OR key.last_used_at < to_timestamp(used.ms / 1000) FOR NO KEY UPDATE OF key SKIP LOCKED)
         UPDATE public.api_keys key SET last_used_at = free.at FROM free WHERE key.id = free.id`,
        [[...used.keys()], [...used.values()]],
      );
    } catch (error) {
      this.logger.warn({ err: error, keys: used.size }, 'The last use of keys was not written');
    }
  }
}
