import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import type { LocalEvents } from '#libs/contracts';

/** Features tell, others listen; nobody waits. A listener that throws is logged and harms nobody. */
@Injectable()
export class LocalEventBus {
  private readonly emitter = new EventEmitter();
  private readonly logger = new Logger(LocalEventBus.name);

  emit<E extends keyof LocalEvents>(event: E, payload: LocalEvents[E]): void {
    this.emitter.emit(event, payload);
  }

  on<E extends keyof LocalEvents>(event: E, listener: (payload: LocalEvents[E]) => void): void {
    this.emitter.on(event, (payload: LocalEvents[E]) => {
      try {
        listener(payload);
      } catch (error) {
        this.logger.error({ err: error, event }, 'A listener failed');
      }
    });
  }
}
