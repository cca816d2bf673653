import { Engine } from '../ports/engine.js';
import type { ChatMessage, EngineEvent, EngineHealth, EngineInfo, EngineOptions } from '../engine.types.js';
import { ExtractiveResponder } from './extractive.responder.js';

/** Sentences of the documents, word for word. Needs no other server, so it can stand in for whatever is down. */
export class ExtractiveEngine extends Engine {
  private readonly responder = new ExtractiveResponder();

  getEngineInfo(): EngineInfo {
    return { name: 'extractive', model: this.responder.model, capabilities: { streaming: true, tools: false, memory: false } };
  }

  generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent> {
    return this.responder.respond(messages, options);
  }

  healthCheck(): Promise<EngineHealth> {
    return this.responder.healthCheck();
  }
}
