import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import type { ChatMessage, EngineEvent, EngineHealth, EngineInfo, EngineOptions } from './engine.types.js';
import { Engine } from './ports/engine.js';

/** The engines of this installation; today one, chosen by configuration. */
@Injectable()
export class EngineService {
  constructor(private readonly engine: Engine) {}

  /** @throws engine.unknown when `name` is not the engine's */
  generate(messages: ChatMessage[], options: EngineOptions, name?: string): AsyncIterable<EngineEvent> {
    const info = this.engine.getEngineInfo();
    if (name !== undefined && name !== info.name) {
      throw new AppError('engine.unknown', 'invalid', `There is no engine "${name}"; there is: ${info.name}.`, { errors: [{ path: 'engine', message: `must be ${info.name}` }] });
    }
    return this.engine.generateResponse(messages, options);
  }

  info(): EngineInfo {
    return this.engine.getEngineInfo();
  }

  health(): Promise<EngineHealth> {
    return this.engine.healthCheck();
  }
}
