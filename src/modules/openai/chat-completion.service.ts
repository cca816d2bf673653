import { Injectable } from '@nestjs/common';
import { countAllTokens } from '#libs/text';
import { EngineService } from '../engine/engine.service.js';
import type { DocumentScope, EngineUsage, RoutedAnswer } from '../engine/engine.types.js';
import { DocumentsService } from '../rag/documents.service.js';
import { SmartQaService } from '../rag/smart-qa.service.js';
import type { CitedAnswer } from '../rag/smart-qa.types.js';
import { readDialogue, type Dialogue } from './core/dialogue.js';
import { placeCitations } from './core/place-citations.js';
import { answerTaskByRule } from './core/webui-task.js';
import { ModelCatalogService } from './model-catalog.service.js';
import { InvalidParameterError } from './openai.errors.js';
import type { ChatModel, Completion, CompletionEvent, CompletionRequest, PlacedCitation } from './openai.types.js';

/** Passages to answer from, as POST /smart-qa/chat takes them when nothing is said. */
const passages = 8;

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
   * What is told while it is written (when streaming) and, last, the whole; what was said until then when the caller's signal ended it, and no last event when nothing was.
   * @throws openai.model_not_found, openai.invalid_parameter, openai.unsupported_parameter, engine.*
   */
  async *complete(request: CompletionRequest): AsyncGenerator<CompletionEvent> {
    const model = await this.models.get(request.model);
    const dialogue = readDialogue(request.messages, request.task !== undefined);
    const { stream, signal, task, sampling, callerTools, userId } = request;
    if (task !== undefined) {
      yield* this.perform(task, model, dialogue, request);
      return;
    }
    const { question, history, followed } = dialogue;
    const memory = userId === undefined ? undefined : { userId };
    for await (const event of this.smartQa.answer({ query: question, history, followed, documents: scopeOf(model, request.documents), engine: model.engine, topK: passages, sampling, callerTools, memory, stream, signal })) {
      if (event.type === 'delta' || event.type === 'reasoning' || event.type === 'tool_call') {
        if (stream) yield event;
      } else if (event.type === 'done') yield { type: 'done', completion: await this.finish(event.answer, dialogue) };
    }
  }

  /** Without documents, tools and memories. An engine that has nothing but documents to answer from refuses: then rules say what the client can use. */
  private async *perform(task: string, { engine }: ChatModel, dialogue: Dialogue, { stream, signal, sampling, userId }: CompletionRequest): AsyncGenerator<CompletionEvent> {
    const { question, history } = dialogue;
    for await (const event of this.engines.generate([...history, { role: 'user', content: question }], { stream: false, useTools: false, sampling, signal, userId }, engine)) {
      if (event.type !== 'done') continue;
      const { text, refused, finishReason, usage } = event.answer;
      const answer = refused ? answerTaskByRule(task, question) : text;
      if (stream) yield { type: 'delta', text: answer };
      const counted = (refused ? undefined : usage) ?? (await estimate(dialogue, answer));
      yield { type: 'done', completion: { text: answer, citations: [], finishReason: reasonOf(finishReason), toolCalls: [], usage: counted } };
    }
  }

  private async finish({ answer: text, told, citations, finishReason, toolCalls = [], usage, memory }: CitedAnswer, dialogue: Dialogue): Promise<Completion> {
    return { text, citations: await this.withSources(placeCitations(told ?? text, citations)), finishReason: reasonOf(finishReason), toolCalls, usage: usage ?? (await estimate(dialogue, text)), memory };
  }

  /** A document that was deleted meanwhile has no address any more. */
  private async withSources(placed: Omit<PlacedCitation, 'sourceUrl'>[]): Promise<PlacedCitation[]> {
    if (placed.length === 0) return [];
    const found = await this.documents.getMany([...new Set(placed.map(({ documentId }) => documentId))]);
    const urls = new Map(found.map(({ id, source }) => [id, source !== null && /^https?:\/\//i.test(source) ? source : undefined]));
    return placed.map((citation) => ({ ...citation, sourceUrl: urls.get(citation.documentId) }));
  }
}

/** @throws openai.invalid_parameter */
function scopeOf({ collection }: ChatModel, given: DocumentScope | undefined): DocumentScope | undefined {
  if (collection === undefined) return given;
  if (given?.collections) throw new InvalidParameterError('collections', 'The model names the collection already; choose `ai-stack` or an engine to name several.');
  return { ...given, collections: [collection] };
}

/** The form has no word for an answer that was stopped. */
function reasonOf(reason: RoutedAnswer['finishReason']): Completion['finishReason'] {
  return reason === 'cancelled' ? 'stop' : reason;
}

/** Where no model counted: what was said and asked; passages that a language model read are known only to its own count. */
async function estimate({ history, question, followed }: Dialogue, text: string): Promise<EngineUsage> {
  return { promptTokens: await countAllTokens([...history, ...followed].map(({ content }) => content).concat(question)), completionTokens: await countAllTokens([text]) };
}
