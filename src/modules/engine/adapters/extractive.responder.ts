import { answerInContext } from '#libs/answering';
import type { ChatMessage, EngineEvent, EngineOptions } from '../engine.types.js';
import type { Responder } from './responder.js';

/** Answers with the best sentences of the passages, word for word, and says so when they hold none. No model, no network. */
export class ExtractiveResponder implements Responder {
  readonly model = 'extractive';

  async *respond(messages: ChatMessage[], { context, stream, signal }: EngineOptions): AsyncIterable<EngineEvent> {
    const asked = messages.at(-1)?.content ?? '';
    const { answer, citations, quality, refused } = answerInContext(asked, { question: context?.query ?? asked, passages: context?.passages ?? [], idf: context?.idf ?? (() => 1) });
    let said = '';
    for (const piece of stream ? piecesOf(answer) : [answer]) {
      if (signal?.aborted) break;
      said += piece;
      if (stream) yield { type: 'delta', text: piece };
    }
    const finishReason = said === answer ? 'stop' : 'cancelled';
    const told = citations.filter(({ index }) => said.includes(`[${index}]`));
    yield { type: 'done', answer: { text: said, citations: told, quality, refused, finishReason } };
  }

  healthCheck() {
    return Promise.resolve({ healthy: true });
  }
}

/** A sentence or so at a time: the text is there at once, there is nothing to wait for. */
function* piecesOf(text: string): Generator<string> {
  for (const [piece] of text.matchAll(/[\s\S]{1,80}(?:\s|$)|[\s\S]{1,80}/gu)) yield piece;
}
