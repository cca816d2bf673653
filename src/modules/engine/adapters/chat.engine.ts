import { Engine } from '../ports/engine.js';
import type { ChatMessage, EngineEvent, EngineHealth, EngineInfo, EngineOptions } from '../engine.types.js';
import type { Responder } from './responder.js';

/** The default engine: a language model where one is configured, else extracted sentences. */
export class ChatEngine extends Engine {
  constructor(private readonly responder: Responder) {
    super();
  }

  getEngineInfo(): EngineInfo {
    return { name: 'chat', model: this.responder.model, capabilities: { streaming: true, tools: false, memory: false } };
  }

  generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent> {
    return this.responder.respond(messages, options);
  }

  healthCheck(): Promise<EngineHealth> {
    return this.responder.healthCheck();
  }
}
