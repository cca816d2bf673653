import { Injectable } from '@nestjs/common';
import { ConversationService } from '../engine/conversation.service.js';
import type { FeedbackContext, FeedbackFilter, FeedbackView, JudgedPersonality } from '../engine/conversation.types.js';
import { PersonalityNotFoundError } from '../engine/engine.errors.js';
import { PersonalityService } from '../engine/personality.service.js';
import { ChunkStore } from './adapters/chunk.store.js';
import { hashOfPassage } from './core/answer-form.js';

/** Text of passages that a judgement keeps, in UTF-16 units: all of the usual eight. */
const longestTexts = 32_000;

/** What users think of answers, kept with what the answers were made from: documents and personalities change, a judgement must not. */
@Injectable()
export class FeedbackService {
  constructor(
    private readonly conversations: ConversationService,
    private readonly chunks: ChunkStore,
    private readonly personalities: PersonalityService,
  ) {}

  /** @returns the id of the judgement. @throws MessageNotFoundError when it is no answer of the caller's conversations */
  async judge(messageId: string, rating: 'up' | 'down', comment: string | undefined): Promise<string> {
    const answer = await this.conversations.answer(messageId);
    const { retrieved, personality, ...kept } = answer.metadata;
    const context = { ...kept, retrieved: await this.withTexts(retrieved ?? []), personality: personality ? await this.withWords(personality) : null };
    return this.conversations.judge(answer, { rating, comment, context });
  }

  /** Of all users of the tenant, the newest first. @param after id of the last one of the page before */
  async list(filter: FeedbackFilter, limit: number, after: string | undefined): Promise<{ items: FeedbackView[]; nextCursor: string | null }> {
    const found = await this.conversations.feedback(filter, limit + 1, after);
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** The best first, as long as there is room; null where the passage has changed or is gone. */
  private async withTexts(retrieved: readonly NonNullable<FeedbackContext['retrieved']>[number][]): Promise<FeedbackContext['retrieved']> {
    const texts = await this.chunks.texts(retrieved.map(({ chunk_id }) => chunk_id));
    let left = longestTexts;
    return retrieved.map((passage) => {
      const text = texts.get(passage.chunk_id);
      const same = text !== undefined && text.length <= left && (passage.sha256 === undefined || hashOfPassage(text) === passage.sha256);
      if (same) left -= text.length;
      return { ...passage, text: same ? text : null };
    });
  }

  private async withWords(answered: JudgedPersonality): Promise<JudgedPersonality> {
    try {
      const { systemPrompt, tone, model, temperature, tools, updatedAt } = await this.personalities.get(answered.id);
      return updatedAt.toISOString() === answered.updated_at ? { ...answered, system_prompt: systemPrompt, tone, model, temperature, tools } : answered;
    } catch (error) {
      if (error instanceof PersonalityNotFoundError) return answered;
      throw error;
    }
  }
}
