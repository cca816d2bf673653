import { answerInContext, weighedTerms } from '#libs/answering';
import { rarityIn } from '../core/rarity.js';
import { TextLimit } from '../core/text-limit.js';
import type { ChatMessage, EngineEvent, EngineHealth, EngineOptions } from '../engine.types.js';

/** Answers with the best sentences of the passages, word for word, and says so when they hold none. No model, no network. */
export class ExtractiveResponder {
  readonly model = 'extractive';

  async *respond(messages: ChatMessage[], { context, stream, signal, sampling }: EngineOptions): AsyncGenerator<EngineEvent> {
    const asked = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const question = context?.query ?? asked;
    const idf = await rarityIn(context)([...new Set([asked, question].flatMap(weighedTerms))]);
    const { answer, citations, quality, refused } = answerInContext(asked, { question, passages: context?.passages ?? [], idf });
    const limit = new TextLimit({ stop: sampling?.stop ?? [], maxTokens: sampling?.maxTokens });
    const text = limit.take(answer) + limit.end();
    let said = '';
    for (const piece of stream ? piecesOf(text) : [text]) {
      if (signal?.aborted) break;
      said += piece;
      if (stream) yield { type: 'delta', text: piece };
    }
    const finishReason = said === text ? (limit.reached ?? 'stop') : 'cancelled';
    const told = citations.filter(({ index }) => said.includes(`[${index}]`));
    yield { type: 'done', answer: { text: said, citations: told, quality, refused, finishReason } };
  }

  healthCheck(): Promise<EngineHealth> {
    return Promise.resolve({ healthy: true });
  }
}

/** A sentence or so at a time: the text is there at once, there is nothing to wait for. */
function* piecesOf(text: string): Generator<string> {
  for (const [piece] of text.matchAll(/[\s\S]{1,80}(?:\s|$)|[\s\S]{1,80}/gu)) yield piece;
}
