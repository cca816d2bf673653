import { HealthIndicatorService } from '@nestjs/terminus';
import { EngineRunStore } from '../../src/modules/engine/adapters/engine-run.store.js';
import { EngineSettingStore } from '../../src/modules/engine/adapters/engine-setting.store.js';
import { ExtractiveEngine } from '../../src/modules/engine/adapters/extractive.engine.js';
import { ScriptedEngine } from '../../src/modules/engine/adapters/scripted.engine.js';
import { EngineChoice } from '../../src/modules/engine/engine-choice.js';
import { EngineHealthChecks } from '../../src/modules/engine/engine-health.js';
import { EngineOutages } from '../../src/modules/engine/engine-outages.js';
import { EnginePerformance } from '../../src/modules/engine/engine-performance.js';
import { EngineRouter } from '../../src/modules/engine/engine-router.js';
import { EngineRegistry } from '../../src/modules/engine/engine.registry.js';
import { EngineService } from '../../src/modules/engine/engine.service.js';
import { ModelUnavailableError } from '../../src/platform/language-model/language-model.errors.js';
import type { ChatMessage, EngineEvent, EngineOptions, RoutedAnswer } from '../../src/modules/engine/engine.types.js';
import { AuditLog } from '../../src/platform/audit/audit-log.js';
import { ClusterEventBus } from '../../src/platform/events/cluster-event-bus.js';
import { HealthRegistry } from '../../src/platform/health/health.registry.js';
import { LocalEventBus } from '../../src/platform/events/local-event-bus.js';
import { runWithContext } from '../../src/platform/tenancy/tenant-context.js';
import { TenantRounds } from '../../src/platform/tenancy/tenant-rounds.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import type { Tenant } from '../../src/platform/tenancy/tenant.entity.js';
import { openPlatform } from './platform.js';

/** Milliseconds for which an engine that is down is left alone. */
export const coolDownMs = 30_000;

/** Fails, before or after its first word, while it is told to. */
class UnsteadyEngine extends ScriptedEngine {
  trouble: 'none' | 'refuses' | 'breaks off' = 'none';
  asked = 0;

  override async *generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent> {
    this.asked++;
    if (this.trouble === 'breaks off') yield { type: 'delta', text: 'Half an ' };
    if (this.trouble !== 'none') throw new ModelUnavailableError(this.trouble);
    yield* super.generateResponse(messages, options);
  }

  override healthCheck() {
    return Promise.resolve({ healthy: this.trouble === 'none' });
  }
}

/** The engines as one process has them: a pool and an event connection of its own. Real: PostgreSQL; nothing is mocked. */
export async function startEngines(url?: string) {
  const platform = await openPlatform(url === undefined ? { migrated: true } : { url });
  const bus = new ClusterEventBus(platform.database.config);
  await bus.onModuleInit();
  const first = new UnsteadyEngine('first');
  const registry = new EngineRegistry([
    { engine: first, upstream: true, standIn: true },
    { engine: new ScriptedEngine('second'), upstream: false, standIn: true },
    { engine: new ExtractiveEngine(), upstream: false, standIn: true },
  ]);
  const store = new EngineSettingStore(platform.database, new AuditLog());
  const choice = new EngineChoice(store, registry, bus);
  choice.onModuleInit();
  const events = new LocalEventBus();
  const monitor = new EnginePerformance(new EngineRunStore(platform.tenantDatabase, new TenantRounds(platform.tenants, platform.tenantDatabase)), { second: { prompt: 1_000, completion: 2_000 } }, events);
  monitor.onModuleInit();
  const outages = new EngineOutages(registry, store);
  const router = new EngineRouter(registry, { failures: 3, share: 0.5, windowMs: 300_000, coolDownMs }, monitor, outages);
  const checks = new EngineHealthChecks(registry, router, new HealthRegistry(new HealthIndicatorService()), 0);
  return { platform, bus, events, engines: new EngineService(registry, choice, router, checks, monitor), store, first, checks, monitor, outages };
}

export async function stopEngines({ bus, platform }: EngineProcess): Promise<void> {
  await bus.onApplicationShutdown();
  await platform.close();
}

export type EngineProcess = Awaited<ReturnType<typeof startEngines>>;

/** Id of the API key in whose name asCaller() works. */
export const key = '019aa4c5-8a52-7c3e-9f34-0242ac120002';
/** Runs `work` as a request of the tenant's owner. */
export function asCaller<T>(of: Tenant, work: () => Promise<T>): Promise<T> {
  return runWithContext({ requestId: 'test', tenant: tenantContext(of), principal: { kind: 'api_key', id: key, tenantId: of.id, permissions: new Set(['*']) } }, work);
}

/** Asks, streaming. @returns the whole answer */
export async function ask({ engines }: EngineProcess, question = 'What?', name?: string): Promise<RoutedAnswer> {
  for await (const event of engines.generate([{ role: 'user', content: question }], { stream: true }, name)) if (event.type === 'done') return event.answer;
  throw new Error('no answer');
}
