import { Injectable } from '@nestjs/common';
import { EngineService } from '../engine/engine.service.js';
import type { FinishReason } from '../engine/engine.types.js';
import { DocumentsService } from '../rag/documents.service.js';
import { SmartQaService } from '../rag/smart-qa.service.js';
import type { AnswerEvent, Citation } from '../rag/smart-qa.types.js';
import { countAllTokens } from './core/count-all-tokens.js';
import { readDialogue, type Dialogue } from './core/dialogue.js';
import { placeCitations } from './core/place-citations.js';
import { TextLimit } from './core/text-limit.js';
import { answerTaskByRule } from './core/webui-task.js';
import { ModelCatalogService } from './model-catalog.service.js';
import type { ChatModel, CompletionEvent, CompletionRequest, CompletionUsage, PlacedCitation } from './openai.types.js';

/** Passages to answer from, as POST /smart-qa/chat takes them when nothing is said. */
const passages = 8;

/** What an engine says of a whole answer that the OpenAI form can carry. */
interface Finished {
  text: string;
  citations: Citation[];
  finishReason: FinishReason;
  usage?: CompletionUsage;
}

type Step = { type: 'delta'; text: string } | { type: 'finished'; finished: Finished };

/** Chat completions: the last user message is answered from the documents; the caller owns the conversation, nothing of it is kept. */
@Injectable()
export class ChatCompletionService {
  constructor(
    private readonly smartQa: SmartQaService,
    private readonly engines: EngineService,
    private readonly documents: DocumentsService,
    private readonly models: ModelCatalogService,
  ) {}

  /**
   * Deltas (when streaming) and, last, the whole; without a last event when the caller's signal ended it.
   * @throws openai.model_not_found, openai.invalid_parameter, openai.unsupported_parameter, engine.*
   */
  async *complete(request: CompletionRequest): AsyncGenerator<CompletionEvent> {
    const model = await this.models.get(request.model);
    const dialogue = readDialogue(request.messages, request.task !== undefined);
    const limit = new TextLimit(request);
    const enough = new AbortController();
    let text = '';
    for await (const step of this.steps(model, dialogue, { ...request, signal: AbortSignal.any([request.signal, enough.signal]) })) {
      const piece = step.type === 'delta' ? limit.take(step.text) : request.stream ? limit.end() : limit.take(step.finished.text) + limit.end();
      text += piece;
      if (request.stream && piece !== '') yield { type: 'delta', text: piece };
      // The engine ends with what it knows of the answer so far.
      if (limit.reached) enough.abort();
      if (step.type === 'finished' && !request.signal.aborted) yield { type: 'done', completion: await this.finish(text, limit, step.finished, dialogue) };
    }
  }

  private async *steps(model: ChatModel, dialogue: Dialogue, request: CompletionRequest): AsyncGenerator<Step> {
    const { question, history } = dialogue;
    const { stream, signal, task } = request;
    if (task === undefined) yield* stepsOfAnswer(this.smartQa.answer({ query: question, history, collection: model.collection, topK: passages, stream, signal }));
    else yield* this.stepsOfTask(task, dialogue, request);
  }

  /** Without documents. An engine that has nothing but documents to answer from refuses: then rules say what the client can use. */
  private async *stepsOfTask(task: string, { question, history }: Dialogue, { stream, signal }: CompletionRequest): AsyncGenerator<Step> {
    for await (const event of this.engines.generate([...history, { role: 'user', content: question }], { stream: false, signal })) {
      if (event.type !== 'done') continue;
      const { text, refused, finishReason, usage } = event.answer;
      const answer = refused ? answerTaskByRule(task, question) : text;
      if (stream) yield { type: 'delta', text: answer };
      yield { type: 'finished', finished: { text: answer, citations: [], finishReason, usage: refused ? undefined : usage } };
    }
  }

  private async finish(text: string, limit: TextLimit, { citations, finishReason, usage }: Finished, dialogue: Dialogue) {
    return {
      text,
      citations: await this.withSources(placeCitations(text, citations)),
      finishReason: limit.reached ?? (finishReason === 'length' ? ('length' as const) : ('stop' as const)),
      usage: (limit.reached ? undefined : usage) ?? (await estimate(dialogue, text)),
    };
  }

  /** A document that was deleted meanwhile has no address any more. */
  private async withSources(placed: Omit<PlacedCitation, 'sourceUrl'>[]): Promise<PlacedCitation[]> {
    if (placed.length === 0) return [];
    const found = await this.documents.getMany([...new Set(placed.map(({ documentId }) => documentId))]);
    const urls = new Map(found.map(({ id, source }) => [id, source !== null && /^https?:\/\//i.test(source) ? source : undefined]));
    return placed.map((citation) => ({ ...citation, sourceUrl: urls.get(citation.documentId) }));
  }
}

async function* stepsOfAnswer(events: AsyncIterable<AnswerEvent>): AsyncGenerator<Step> {
  for await (const event of events) {
    if (event.type === 'delta') yield event;
    else if (event.type === 'done') yield { type: 'finished', finished: { ...event.answer, text: event.answer.answer } };
  }
}

/** Where no model counted: what was said and asked; passages that a language model read are known only to its own count. */
async function estimate({ history, question }: Dialogue, text: string): Promise<CompletionUsage> {
  return { promptTokens: await countAllTokens([...history.map(({ content }) => content), question]), completionTokens: await countAllTokens([text]) };
}
