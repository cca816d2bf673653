import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Page, PageStart } from '../../platform/database/page.js';
import { requirePrincipal } from '../../platform/tenancy/tenant-context.js';
import { ConversationStore } from './adapters/conversation.store.js';
import { ConversationNotFoundError, MessageNotFoundError } from './engine.errors.js';
import type { ConversationView, FeedbackFilter, FeedbackView, JudgedAnswer, MessageView, NewFeedback, NewMessage } from './conversation.types.js';

const longestTitle = 80;

/** The caller's own conversations. */
@Injectable()
export class ConversationService {
  constructor(private readonly store: ConversationStore) {}

  /** A new conversation with its first turn, titled after its question: both or neither. */
  async begin(id: string, [question, ...rest]: NewMessage[]): Promise<void> {
    const title = question?.content.trim().replace(/\s+/g, ' ') ?? '';
    await this.store.create(id, this.userId, title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title, question ? [question, ...rest] : []);
  }

  async get(id: string): Promise<ConversationView> {
    const conversation = await this.store.find(id, this.userId);
    if (!conversation) throw new ConversationNotFoundError(id);
    return conversation;
  }

  list(start: PageStart): Promise<Page<ConversationView>> {
    return this.store.list(this.userId, start);
  }

  async rename(id: string, title: string): Promise<ConversationView> {
    const conversation = await this.store.rename(id, this.userId, title);
    if (!conversation) throw new ConversationNotFoundError(id);
    return conversation;
  }

  async remove(id: string): Promise<void> {
    if (!(await this.store.remove(id, this.userId))) throw new ConversationNotFoundError(id);
  }

  async messages(id: string, start: PageStart): Promise<Page<MessageView>> {
    const { messageCount } = await this.get(id);
    return this.store.page(id, messageCount, start);
  }

  /** The newest turns of a conversation that get() returned, oldest first. */
  history(id: string, limit: number): Promise<MessageView[]> {
    return this.store.newest(id, limit);
  }

  append(id: string, messages: NewMessage[]): Promise<void> {
    return this.store.append(id, messages);
  }

  /** An answer in one of the caller's conversations. @throws MessageNotFoundError also for questions */
  async answer(messageId: string): Promise<JudgedAnswer> {
    const answer = await this.store.answer(messageId, this.userId);
    if (!answer) throw new MessageNotFoundError(messageId);
    return answer;
  }

  /** Keeps a judgement with question and answer, so that an evaluation can repeat it. @returns its id */
  async judge({ id: messageId, question, content }: JudgedAnswer, { rating, comment, context }: NewFeedback): Promise<string> {
    const id = uuidv7();
    await this.store.addFeedback({ id, messageId, userId: this.userId, rating, comment, context: { ...context, question, answer: content } });
    return id;
  }

  /** Of all users of the tenant, the newest first. @param after id of the last one of the page before */
  feedback(filter: FeedbackFilter, limit: number, after: string | undefined): Promise<FeedbackView[]> {
    return this.store.feedback(filter, limit, after);
  }

  private get userId(): string {
    return requirePrincipal().id;
  }
}
