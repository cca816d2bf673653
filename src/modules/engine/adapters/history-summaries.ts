import { Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import { fenced, gistOf, type Message } from '#libs/answering';
import { currentContext } from '../../../platform/tenancy/tenant-context.js';
import type { ChatMessage } from '../engine.types.js';
import type { LanguageModel } from '../../../platform/language-model/language-model.js';

/** Summaries of all tenants, in characters of two bytes. */
const mostCharacters = 4_000_000;
const longestSummary = 4_000;
/** New turns are put into a summary when there are so many of them. */
const turnsAtOnce = 4;
/** What the model reads of a turn, and of all of them. */
const longestTurn = 2_000;
const longestInput = 24_000;
const timeoutMs = 20_000;
/** Of the whole process: summaries must not take the model away from answers. */
const mostAtWork = 2;

const instructions =
  'Summarise a conversation for somebody who goes on with it: who wants what, names, numbers, decisions, open questions. At most 200 words, in the language of the conversation, only the summary.';

/** What is said already, and what is not in it yet. */
interface Covered {
  summary: string;
  rest: Message[];
  /** Of the whole. */
  key: string;
}

/**
 * What was said in turns that have no room in a prompt any more. Nobody waits for it: the model extends its summary in the background, after an
 * answer, and until it is there the newer turns stand with their first sentences. Derived and in memory only; another process makes its own.
 */
export class HistorySummaries {
  private readonly logger = new Logger(HistorySummaries.name);
  private readonly known = new LRUCache<string, string>({ maxSize: mostCharacters, sizeCalculation: (text, key) => text.length + key.length });
  private readonly atWork = new Set<string>();

  constructor(private readonly model: Pick<LanguageModel, 'complete'>) {}

  /** At once. @param turns of the current tenant, from the oldest that the caller knows */
  of(turns: readonly ChatMessage[], maxTokens: number): string {
    const { summary, rest } = this.covered(turns);
    return [summary, gistOf(rest, summary === '' ? maxTokens : maxTokens / 2)].filter((text) => text !== '').join('\n');
  }

  /** Has the model sum them up for the next time, when there is enough new. Nobody waits for it. @param userId whom the principal serves */
  extend(turns: readonly ChatMessage[], userId?: string): void {
    const { summary, rest, key } = this.covered(turns);
    if (rest.length < turnsAtOnce || this.atWork.has(key) || this.atWork.size >= mostAtWork) return;
    this.atWork.add(key);
    void this.write(summary, rest, userId)
      .then((text) => text !== '' && this.known.set(key, text))
      .catch((error: unknown) => this.logger.warn({ err: error }, 'A conversation could not be summarised; its first sentences stand in'))
      .finally(() => this.atWork.delete(key));
  }

  private covered(turns: readonly ChatMessage[]): Covered {
    const spoken = turns.flatMap(({ role, content }): Message[] => ((role === 'user' || role === 'assistant') && content.trim() !== '' ? [{ role, content }] : []));
    const keys = keysOf(spoken);
    const count = keys.findLastIndex((key) => this.known.has(key)) + 1;
    return { summary: this.known.get(keys[count - 1] ?? '') ?? '', rest: spoken.slice(count), key: keys.at(-1) ?? '' };
  }

  private async write(before: string, spoken: Message[], userId: string | undefined): Promise<string> {
    const said = spoken.map(({ role, content }) => `${role}: ${content.slice(0, longestTurn)}`).join('\n').slice(-longestInput);
    const data = fenced('conversation', 'The conversation.', [...(before === '' ? [] : [`Summary so far: ${before}`]), said]);
    const messages: ChatMessage[] = [{ role: 'system', content: instructions }, { role: 'user', content: data }];
    const text = await this.model.complete({ messages }, AbortSignal.timeout(timeoutMs), { purpose: 'summary', userId });
    return text.trim().slice(0, longestSummary);
  }
}

/** A key for each beginning of the conversation, so that a longer one finds what a shorter one left. No tenant shares another's. */
function keysOf(messages: readonly Message[]): string[] {
  const hash = createHash('sha256').update(currentContext()?.tenant?.tenantId ?? '');
  return messages.map(({ role, content }) => hash.update(`\u0000${role}\u0000${content}`).copy().digest('base64url'));
}
