import type { ChatMessage } from '../../engine/engine.types.js';
import { InvalidParameterError, UnsupportedParameterError } from '../openai.errors.js';
import type { RequestMessage } from '../openai.types.js';

/** Turns that an answer is understood from; clients send whole conversations. */
const mostTurns = 20;
/** As for POST /smart-qa/chat: what is searched for is a question, not a document. */
const longestQuestion = 8_000;
/** UTF-16 units of what is read: about 30,000 tokens. */
const longestDialogue = 120_000;

/** The messages of a request as the engine takes them. */
export interface Dialogue {
  question: string;
  /** Instructions first, then the newest turns before the question. */
  history: ChatMessage[];
}

/** @param task true: the last message is a prompt that nobody searches for, so it may be long */
export function readDialogue(messages: RequestMessage[], task: boolean): Dialogue {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const asked = messages[last];
  if (!asked) throw new InvalidParameterError('messages', 'There is no message with the role "user": the last one is the question.');
  const question = textOf(asked).trim();
  const path = `messages.${last}.content`;
  const foreign = Array.isArray(asked.content) ? asked.content.find(({ type }) => type !== 'text') : undefined;
  if (foreign) throw new UnsupportedParameterError(path, `A part of the type "${foreign.type.slice(0, 40)}" cannot be answered: the engine reads text.`);
  if (question === '') throw new InvalidParameterError(path, 'The question is empty.');
  if (!task && question.length > longestQuestion) throw new InvalidParameterError(path, `The question has ${question.length} characters; it may have ${longestQuestion}. Add long texts as documents (POST /rag/ingest).`);
  const history = [...instructionsOf(messages), ...turnsOf(messages.slice(0, last)).slice(-mostTurns)];
  const length = history.reduce((sum, { content }) => sum + content.length, question.length);
  if (length > longestDialogue) throw new InvalidParameterError('messages', `The instructions, the question and the ${mostTurns} turns before it have ${length} characters; they may have ${longestDialogue}.`);
  return { question, history };
}

function instructionsOf(messages: RequestMessage[]): ChatMessage[] {
  return messages.filter(({ role }) => role === 'system' || role === 'developer').flatMap((message) => said('system', message));
}

/** What was said; calls of tools and their results are no part of it. */
function turnsOf(messages: RequestMessage[]): ChatMessage[] {
  return messages.flatMap((message) => (message.role === 'user' || message.role === 'assistant' ? said(message.role, message) : []));
}

function said(role: ChatMessage['role'], message: RequestMessage): ChatMessage[] {
  const content = textOf(message);
  return content.trim() === '' ? [] : [{ role, content }];
}

function textOf({ content }: RequestMessage): string {
  if (!Array.isArray(content)) return content ?? '';
  return content.flatMap(({ type, text }) => (type === 'text' && text ? [text] : [])).join('\n');
}
