import type { ChatMessage } from '../../engine/engine.types.js';
import { InvalidParameterError, UnsupportedParameterError } from '../openai.errors.js';
import type { RequestMessage } from '../openai.types.js';

/** Messages that an answer is understood from; clients send whole conversations. */
const mostMessages = 40;
/** The first of them moves in steps, so that a summary of what has no room in a prompt lasts for some turns. */
const step = 20;
/** As for POST /smart-qa/chat: what is searched for is a question, not a document. */
const longestQuestion = 8_000;
/** UTF-16 units of what is read: about 30,000 tokens. */
const longestDialogue = 120_000;

/** The messages of a request as the engine takes them. */
export interface Dialogue {
  question: string;
  /** Instructions first, then the newest turns before the question. */
  history: ChatMessage[];
  /** The calls of tools since the question, and what they said. */
  followed: ChatMessage[];
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
  const before = turnsOf(messages.slice(0, last));
  const history = [...instructionsOf(messages), ...newest(before)];
  // Without calls of tools, an assistant's words after the question are what clients put into its mouth: nothing is made of them.
  const after = turnsOf(messages.slice(last + 1));
  const followed = after.at(-1)?.role === 'tool' ? after : [];
  const length = [...history, ...followed].reduce((sum, message) => sum + lengthOf(message), question.length);
  if (length > longestDialogue) throw new InvalidParameterError('messages', `The instructions, the question and the newest turns have ${length} characters; they may have ${longestDialogue}.`);
  return { question, history, followed };
}

/** From a user's turn on: a tool's result without its call says nothing. */
function newest(turns: ChatMessage[]): ChatMessage[] {
  const from = Math.max(0, turns.length - mostMessages - (turns.length % step));
  const kept = turns.slice(from);
  return from === 0 ? kept : kept.slice(Math.max(0, kept.findIndex(({ role }) => role === 'user')));
}

function instructionsOf(messages: RequestMessage[]): ChatMessage[] {
  return messages.filter(({ role }) => role === 'system' || role === 'developer').flatMap((message) => said('system', message));
}

/** What was said, and by tools. Calls that nobody answered, and answers that nobody called for, are left out: models refuse them. */
function turnsOf(messages: RequestMessage[]): ChatMessage[] {
  const answered = new Set(messages.flatMap(({ role, tool_call_id: id }) => (role === 'tool' && id ? [id] : [])));
  const called = new Set(messages.flatMap(({ tool_calls: calls }) => (calls ?? []).map(({ id }) => id)));
  return messages.flatMap((message): ChatMessage[] => {
    const { role, tool_calls: calls, tool_call_id: id } = message;
    if (role === 'tool') return id && called.has(id) ? [{ role, content: textOf(message), toolCallId: id }] : [];
    if (role === 'user') return said(role, message);
    if (role !== 'assistant') return [];
    const toolCalls = (calls ?? []).filter((call) => answered.has(call.id)).map(({ id: callId, function: { name, arguments: written } }) => ({ id: callId, name, arguments: written }));
    return toolCalls.length > 0 ? [{ role, content: textOf(message), toolCalls }] : said(role, message);
  });
}

function said(role: ChatMessage['role'], message: RequestMessage): ChatMessage[] {
  const content = textOf(message);
  return content.trim() === '' ? [] : [{ role, content }];
}

function textOf({ content }: RequestMessage): string {
  if (!Array.isArray(content)) return content ?? '';
  return content.flatMap(({ type, text }) => (type === 'text' && text ? [text] : [])).join('\n');
}

function lengthOf({ content, toolCalls = [] }: ChatMessage): number {
  return toolCalls.reduce((sum, { arguments: written }) => sum + written.length, content.length);
}
