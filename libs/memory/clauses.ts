import { detectLanguage, splitSentences } from '#libs/text';
import { chineseAsking, chineseChitChat } from './chinese-rules.js';

/** A stretch that can be a fact by itself. `rest`: what follows in the same sentence and may belong to it. */
export interface Clause {
  text: string;
  language: 'zh' | 'en';
  rest: string[];
}

/** Code, quotations, addresses, and passages or memories between fences (`<<name>> … <<end name>>`) are nobody's words about themselves. */
const foreign = /```[\s\S]*?(?:```|(?![\s\S]))|<<([\w-]{1,40})[^\n<>]{0,40}>>[\s\S]*?(?:<<end \1[^\n<>]{0,40}>>|(?![\s\S]))|^\s*>.*$|https?:\/\/\S+/gmu;
const greeting = /^(?:(?:hi|hello|hey|well|oh|yes|no|ok(?:ay)?|sure|thanks|thank you|actually|so|and|but|by the way|of course)\b(?: there| again| ai companion| ai)?[,.!:\s]+)+/iu;
/** Where an English statement turns into a question or a request. */
const turn = /[,;:]\s+(?:and |but |so )?(?:do|does|did|can|could|would|will|what|which|how|where|when|why|is|are|please|any|have you|tell me|recommend)\b.*$/iu;

/** A message without what its writer did not say. */
export function withoutForeign(message: string): string {
  return message.replace(foreign, '\n');
}

/**
 * Clauses of a message. English sentences stay whole but for greetings and a question at their end; Chinese ones are split at commas,
 * since one sentence often holds a greeting, a fact and a question.
 */
export function clausesOf(message: string): Clause[] {
  const text = withoutForeign(message);
  return splitSentences(text).flatMap(({ start, end }) => {
    const sentence = text.slice(start, end).trim();
    return sentence === '' ? [] : detectLanguage(sentence) === 'en' ? english(sentence) : chinese(sentence);
  });
}

function english(sentence: string): Clause[] {
  const text = sentence.replace(/[’]/g, "'").replace(greeting, '').replace(turn, '').trim();
  return text === '' ? [] : [{ text, language: 'en', rest: [] }];
}

function chinese(sentence: string): Clause[] {
  const parts = sentence.split(/[，,；;]/).map((part) => part.trim()).filter((part) => part !== '');
  return parts.map((text, index) => ({ text, language: 'zh', rest: tail(parts.slice(index + 1)) }));
}

/** The clauses that go on with the fact: up to the next question, courtesy or new subject. */
function tail(parts: readonly string[]): string[] {
  const end = parts.findIndex((part) => chineseAsking.test(part) || chineseChitChat.test(part) || /^(?:我|你|您|请)/u.test(part));
  return parts.slice(0, end < 0 ? parts.length : end);
}
