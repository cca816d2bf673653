import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/contracts';
import { resolveFollowUp, type Passage, type Rarity } from '#libs/answering';
import { v7 as uuidv7 } from 'uuid';
import { ConversationService } from '../engine/conversation.service.js';
import { EngineService } from '../engine/engine.service.js';
import { PersonalityService } from '../engine/personality.service.js';
import type { MessageView, NewMessage } from '../engine/conversation.types.js';
import type { ChatMessage, EngineCitation, EngineOptions, RoutedAnswer } from '../engine/engine.types.js';
import { IndexService } from '../search/index.service.js';
import { version } from '../../version.js';
import { toAnswerRecord, type AnswerSource } from './core/answer-form.js';
import { RetrievalService } from './retrieval.service.js';
import type { SearchItem } from './rag.types.js';
import type { AnswerEvent, Citation, CitedAnswer, Question } from './smart-qa.types.js';

interface Found {
  conversationId: string;
  history: ChatMessage[];
  /** The question with what it leaves to the context. */
  query: string;
  items: SearchItem[];
  source: AnswerSource;
  startedAt: number;
  retrievalMs: number;
}

/** Messages of the conversation that a follow-up question is understood from. */
const historyMessages = 40;
/** Its beginning moves in steps, so that a summary of what has no room in a prompt lasts for some turns. */
const historyStep = 20;

/** Question → retrieval → engine → an answer whose every citation can be looked up. */
@Injectable()
export class SmartQaService {
  constructor(
    private readonly retrieval: RetrievalService,
    private readonly engines: EngineService,
    private readonly conversations: ConversationService,
    private readonly index: IndexService,
    private readonly personalities: PersonalityService,
  ) {}

  async ask(question: Question): Promise<CitedAnswer> {
    for await (const event of this.answer({ ...question, stream: false })) {
      if (event.type === 'done') return event.answer;
    }
    throw new AppError('rag.cancelled', 'unavailable', 'The caller left before there was an answer.');
  }

  /** The answer as it is written. What was said is kept, also when the caller goes away in the middle. */
  async *answer(question: Question): AsyncGenerator<AnswerEvent> {
    const found = await this.find(question);
    const { messages, options } = toRequest(question, found, this.index.rarity());
    for await (const event of this.engines.generate(messages, options, question.engine)) {
      if (event.type !== 'done') {
        yield event;
        continue;
      }
      const answer = this.toAnswer(event.answer, found);
      // A caller who left before the first word has been told nothing.
      if (event.answer.finishReason === 'cancelled' && answer.answer === '') return;
      if (!question.history) await this.keep(question, answer, found);
      for (const citation of answer.citations) yield { type: 'citation', citation };
      yield { type: 'quality', quality: answer.quality };
      yield { type: 'done', answer };
    }
  }

  private async find(question: Question): Promise<Found> {
    const startedAt = performance.now();
    const personality = question.personalityId === undefined ? undefined : await this.personalities.get(question.personalityId);
    const known = question.conversationId === undefined ? undefined : await this.conversations.get(question.conversationId);
    const conversationId = known?.id ?? uuidv7();
    const history = question.history ?? (known ? turnsOf(await this.conversations.history(conversationId, historyMessages + (known.messageCount % historyStep))) : []);
    const { query } = resolveFollowUp(question.query, turnsOf(history));
    const searchedAt = performance.now();
    const { items, mode, seq, embeddingSpace } = await this.retrieval.search({ query, topK: question.topK, mode: 'hybrid', ...question.documents });
    const retrievalMs = performance.now() - searchedAt;
    const spoken = personality ? { id: personality.id, name: personality.name, updated_at: personality.updatedAt.toISOString() } : null;
    const { collections = null, filter = null } = question.documents ?? {};
    const source = { query, mode, collections, filter, top_k: question.topK, personality: spoken, index_seq: seq, embedding_space: embeddingSpace, version };
    return { conversationId, history, query, items, source, startedAt, retrievalMs };
  }

  private toAnswer({ text, told, citations, quality, refused, finishReason, usage, toolCalls, toolRuns, memory, engine, engineReason, model }: RoutedAnswer, { items, conversationId, startedAt }: Found): CitedAnswer {
    const found = new Map(items.map((item) => [item.chunkId, item]));
    return {
      answer: text,
      told,
      citations: citations.flatMap((citation) => toCitation(citation, found.get(String(citation.passage))) ?? []),
      quality,
      refused,
      finishReason,
      usage,
      toolCalls,
      toolRuns,
      memory,
      conversationId,
      // In this order: messages are sorted by their ids, and UUIDv7 grows.
      questionId: uuidv7(),
      messageId: uuidv7(),
      engine,
      engineReason,
      model,
      tookMs: Math.round((performance.now() - startedAt) * 10) / 10,
    };
  }

  /** With what it was answered from: feedback and evaluation need the exact context. */
  private async keep({ query, conversationId: known }: Question, answer: CitedAnswer, { source, items }: Found): Promise<void> {
    const turn: NewMessage[] = [
      { id: answer.questionId, role: 'user', content: query },
      { id: answer.messageId, role: 'assistant', content: answer.answer, metadata: toAnswerRecord(answer, source, items) },
    ];
    if (known === undefined) await this.conversations.begin(answer.conversationId, turn);
    else await this.conversations.append(answer.conversationId, turn);
  }
}

function toRequest(question: Question, { conversationId, history, query, items, retrievalMs }: Found, rarity: Rarity): { messages: ChatMessage[]; options: EngineOptions } {
  const { stream, signal, personalityId, callerTools, sampling } = question;
  const memory = question.memory ?? (question.history ? undefined : { userId: '' });
  return {
    messages: [...history, { role: 'user', content: question.query }, ...(question.followed ?? [])],
    options: { conversationId, personalityId, callerTools, sampling, memory, stream, context: { query, passages: items.map(toPassage), documents: question.documents, rarity }, signal, retrievalMs },
  };
}

function turnsOf(messages: Pick<MessageView, 'role' | 'content'>[]): { role: 'user' | 'assistant'; content: string }[] {
  return messages.flatMap(({ role, content }) => (role === 'user' || role === 'assistant' ? [{ role, content }] : []));
}

function toPassage(item: SearchItem, index: number): Passage {
  const { chunkId, text, title, headings, score, keywordScore, vectorScore } = item;
  return { id: chunkId, text, title, headings, score, keywordScore, vectorScore, rank: index + 1 };
}

function toCitation({ index, start, end, quote, score }: EngineCitation, item: SearchItem | undefined): Citation | undefined {
  if (!item) return undefined;
  return { index, documentId: item.documentId, chunkId: item.chunkId, title: item.title, page: item.page, start: item.start + start, end: item.start + end, quote, score };
}
