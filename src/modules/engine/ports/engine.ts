import type { ChatMessage, EngineEvent, EngineHealth, EngineInfo, EngineOptions } from '../engine.types.js';

/** Messages in; text, citations and quality out. One contract suite runs over every adapter. */
export abstract class Engine {
  abstract getEngineInfo(): EngineInfo;

  /**
   * Yields deltas and, last, the whole answer. Ends early with `finishReason: 'cancelled'` when the signal fires.
   * @throws engine.unavailable, engine.timeout, engine.interrupted
   */
  abstract generateResponse(messages: ChatMessage[], options: EngineOptions): AsyncIterable<EngineEvent>;

  abstract healthCheck(): Promise<EngineHealth>;
}
