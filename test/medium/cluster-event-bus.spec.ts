import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseConfig } from '../../src/platform/database/database.config.js';
import { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { openCutLine, type CutLine } from '../support/cut-line.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

describe(ClusterEventBus.name, () => {
  let database: TestDatabase;
  let speaker: ClusterEventBus;
  const lines: CutLine[] = [];
  const buses: ClusterEventBus[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createDatabase();
    speaker = await open(database.url);
  });
  afterAll(async () => {
    await Promise.all(buses.map((bus) => bus.onApplicationShutdown()));
    await Promise.all(lines.map((line) => line.close()));
    await database.drop();
    Logger.overrideLogger(['log', 'error', 'warn']);
  });

  async function open(url: string): Promise<ClusterEventBus> {
    const bus = new ClusterEventBus(new DatabaseConfig({ url }));
    buses.push(bus);
    await bus.onModuleInit();
    return bus;
  }

  /** A bus whose connection can be cut; `back` resolves when it has a new one, `heard` are the schemas it was told of. */
  async function openCuttable() {
    const line = await openCutLine(database.url);
    lines.push(line);
    const bus = await open(line.url);
    const heard: string[] = [];
    bus.on('memories.queued', ({ schema }) => heard.push(schema));
    return { bus, line, heard, back: new Promise<void>((resolve) => bus.onReconnected(() => resolve())) };
  }

  it('notices that its connection was cut silently, and hears again', async () => {
    const { bus, line, heard, back } = await openCuttable();
    line.cut();
    expect(bus.connected).toBe(true);
    const startedAt = performance.now();
    await back;
    // Beside a beat of 15 s and 5 s to answer it; the system itself would notice after hours.
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    await speaker.publish('memories.queued', { schema: 'tenant_a' });
    await expect.poll(() => heard).toEqual(['tenant_a']);
  });

  it('refuses within seconds what cannot be told over a cut connection', async () => {
    const { bus, line, back } = await openCuttable();
    line.cut();
    const startedAt = performance.now();
    const attempts = await Promise.allSettled([bus.publish('memories.queued', { schema: 'tenant_b' }), bus.isAlone()]);
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expect(attempts).toMatchObject([{ reason: { code: 'events.unavailable' } }, { reason: { code: 'events.unavailable' } }]);
    await back;
    await bus.publish('memories.queued', { schema: 'tenant_b' });
    expect(await bus.isAlone()).toBe(false);
  });

  it('ends within seconds over a cut connection', async () => {
    const { bus, line } = await openCuttable();
    line.cut();
    const startedAt = performance.now();
    await bus.onApplicationShutdown();
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });
});
