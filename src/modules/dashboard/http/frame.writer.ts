import { setImmediate as nextTurn } from 'node:timers/promises';
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import type { TenantContext } from '../../../platform/tenancy/tenant-context.js';
import type { ClientSocket } from '../../../platform/websocket/client-socket.js';
import { DashboardService } from '../dashboard.service.js';
import { toFrameResponse } from './dashboard.response.js';

const everyMs = 1_000;
/** Tenants sampled at the same time: the dashboard leaves most of the pool to requests. */
const parallel = 2;
/** A tenant whose sample takes longer does not hold up the others. */
const patienceMs = 2_000;

const listenersATurn = 25;

/** All listeners of one tenant. */
interface Audience {
  tenant: TenantContext;
  listeners: Set<ClientSocket>;
  frame: Buffer | undefined;
  showing: Promise<void> | undefined;
}

/** One loop for all listeners: a sample a second for each tenant that has any, made into one frame that they all share. Without listeners it stands still. */
@Injectable()
export class FrameWriter implements BeforeApplicationShutdown {
  private readonly logger = new Logger(FrameWriter.name);
  private readonly audiences = new Map<string, Audience>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly dashboard: DashboardService,
    private readonly database: TenantDatabase,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** The first frame comes at once. */
  add(socket: ClientSocket): void {
    const { tenant } = socket.identity;
    const audience = this.audiences.get(tenant.tenantId) ?? { tenant, listeners: new Set(), frame: undefined, showing: undefined };
    this.audiences.set(tenant.tenantId, audience);
    audience.listeners.add(socket);
    socket.onClose(() => {
      audience.listeners.delete(socket);
      if (audience.listeners.size === 0 && this.audiences.get(tenant.tenantId) === audience) this.audiences.delete(tenant.tenantId);
    });
    if (audience.frame) socket.offer(audience.frame);
    else void this.show(audience);
    if (!this.timer) this.schedule(everyMs);
  }

  private schedule(inMs: number): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.round(), inMs).unref();
  }

  private async round(): Promise<void> {
    const begin = performance.now();
    // One that still waits for its last sample is left out until it has it.
    const waiting = [...this.audiences.values()].filter(({ showing }) => !showing);
    const lane = async () => {
      for (let audience = waiting.shift(); audience; audience = waiting.shift()) await atMost(patienceMs, this.show(audience));
    };
    await Promise.all(Array.from({ length: parallel }, lane));
    this.timer = undefined;
    if (this.audiences.size > 0) this.schedule(Math.max(everyMs - (performance.now() - begin), 0));
  }

  /** Never rejects. */
  private show(audience: Audience): Promise<void> {
    audience.showing ??= this.sendSample(audience).finally(() => {
      audience.showing = undefined;
    });
    return audience.showing;
  }

  private async sendSample(audience: Audience): Promise<void> {
    try {
      const sample = await this.database.forTenant(audience.tenant, () => this.dashboard.sample());
      const frame = Buffer.from(JSON.stringify(toFrameResponse(sample)));
      audience.frame = frame;
      await offerAll(audience.listeners, frame);
    } catch (error) {
      this.logger.warn({ err: error, tenant: audience.tenant.slug, listeners: audience.listeners.size }, 'The figures of this second could not be read; the listeners miss them');
    }
  }
}

/** In turns of the event loop that others can take theirs between: 25 take less than a millisecond. */
async function offerAll(listeners: ReadonlySet<ClientSocket>, frame: Buffer): Promise<void> {
  let offered = 0;
  for (const listener of listeners) {
    listener.offer(frame);
    if (++offered % listenersATurn === 0) await nextTurn();
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
