import { countTokens, endOfTokens, splitSentences } from '#libs/text';
import type { Message } from './answering.types.js';

/** Of one turn, estimated. */
const turnTokens = 40;
/** Where the first sentence of a turn is looked for. */
const lookedAt = 600;
const speakers = { user: 'User', assistant: 'Assistant' };

/** What was spoken about, by rule: the first sentence of each message, the newest that fit, in their order. */
export function gistOf(messages: readonly Message[], maxTokens: number): string {
  const lines: string[] = [];
  let left = maxTokens;
  for (const message of [...messages].reverse()) {
    const line = `${speakers[message.role]}: ${beginning(message.content)}`;
    left -= countTokens(line) + 1;
    if (left < 0) break;
    lines.unshift(line);
  }
  return lines.join('\n');
}

function beginning(content: string): string {
  const text = content.slice(0, lookedAt).replace(/\s+/g, ' ').trim();
  const sentence = text.slice(0, splitSentences(text)[0]?.end ?? text.length);
  const end = endOfTokens(sentence, 0, sentence.length, turnTokens);
  return end < sentence.length ? `${sentence.slice(0, end)}…` : sentence;
}
