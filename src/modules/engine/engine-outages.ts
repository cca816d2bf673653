import { Injectable, Logger } from '@nestjs/common';
import { EngineSettingStore } from './adapters/engine-setting.store.js';
import type { CircuitState } from './core/circuit-breaker.js';
import { EngineRegistry } from './engine.registry.js';

/** Puts into the audit trail when others begin to answer in place of an engine, and when it is back: once per change, not per question. */
@Injectable()
export class EngineOutages {
  private readonly logger = new Logger(EngineOutages.name);
  private readonly down = new Set<string>();
  /** Entries are written one after the other, so that they stand in the order of the changes. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly registry: EngineRegistry,
    private readonly store: EngineSettingStore,
  ) {}

  /** What a circuit has become. An engine that is tried in vain stays down. */
  tell(engine: string, state: CircuitState): void {
    if (state === 'open' && !this.down.has(engine)) {
      this.down.add(engine);
      this.write('engine.failed_over', engine, { stand_ins: this.registry.all.filter(({ standIn }) => standIn).map((one) => one.engine.getEngineInfo().name).filter((name) => name !== engine) });
    } else if (state === 'closed' && this.down.delete(engine)) {
      this.write('engine.restored', engine, {});
    }
  }

  /** Resolves when everything told so far is written. */
  settled(): Promise<void> {
    return this.last;
  }

  private write(action: string, engine: string, detail: { stand_ins?: string[] }): void {
    this.last = this.last
      .then(() => this.store.recordOutage({ action, subject: engine, detail, actor: 'system:engine' }, engine === this.registry.defaultName))
      .catch((error: unknown) => this.logger.error({ err: error, engine, action }, 'The audit trail lacks a change of an engine'));
  }
}
