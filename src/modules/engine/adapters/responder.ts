import type { ChatMessage, EngineEvent, EngineHealth, EngineOptions } from '../engine.types.js';

/** What writes the answers of the chat engine: a language model, or the extractive responder. */
export interface Responder {
  readonly model: string;
  respond(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent>;
  healthCheck(): Promise<EngineHealth>;
}
