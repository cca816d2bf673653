import type { Message, ResolvedQuestion } from './answering.types.js';
import { type ContentWord, contentWords, phrasesOf } from './content-words.js';
import { type Dependence, dependenceOf } from './dependence.js';
import { askingSpan, answerKind } from './question-words.js';
import { MARKER } from './citation-markers.js';

/** Turns of the user looked back at. */
const MAX_TURNS = 6;
/** A question of this many UTF-16 units says what it is about; earlier turns are read up to here. */
const MAX_LENGTH = 500;
/** An assistant's answer up to this length names its subject rather than describing it. */
const SHORT_ANSWER = 30;

/** What a conversation is about: phrases as they were written. */
interface Topic {
  /** Who or what is spoken about. */
  subject: string[];
  /** The subject is a name or a title, which needs nothing beside it. */
  named: boolean;
  /** What was asked about it last. */
  details: string[];
}

const PERSONAL = /[他她]|\b(?:he|him|his|she|her|hers)\b/i;
const ENDS_SUBJECT = /[的是在有由被于於]|\b(?:is|are|was|were|do|does|did|has|have|had)\b/gi;

/**
 * Completes a question that leans on earlier turns ("and in 2019?", 那它的人口呢?) with their topic, by rules on words; a question that
 * stands alone, a change of subject included, stays exactly as it is.
 */
export function resolveFollowUp(question: string, history: readonly Message[]): ResolvedQuestion {
  const dependence = history.length === 0 || question.length > MAX_LENGTH ? 'none' : dependenceOf(question);
  const topic = dependence === 'none' ? undefined : topicOf(history);
  if (!topic) return { query: question, usedContext: false };
  const context = contextFor(question, dependence, topic).concat(personIn(question, history));
  const asked = question.toLowerCase();
  const missing = [...new Set(context)].filter((phrase) => !asked.includes(phrase.toLowerCase()));
  if (missing.length === 0) return { query: question, usedContext: false };
  return { query: `${missing.join(' ')} ${question.trim()}`, usedContext: true };
}

/** The topic after the user's last turn; turns that lean on earlier ones keep their subject. */
function topicOf(history: readonly Message[]): Topic | undefined {
  let topic: Topic | undefined;
  for (const turn of history.filter(({ role }) => role === 'user').slice(-MAX_TURNS)) {
    const content = turn.content.slice(0, MAX_LENGTH);
    const dependence = dependenceOf(content);
    const words = contentWords(content);
    if (dependence === 'none' || !topic) {
      topic = words.length > 0 ? readTopic(content, words) : topic;
    } else {
      topic = continued(topic, content, words, dependence);
    }
  }
  return topic;
}

function continued(topic: Topic, question: string, words: readonly ContentWord[], dependence: Dependence): Topic {
  const names = words.filter(({ name }) => name);
  // 那上海呢？ puts another subject in the old one's place; a property or a year does not.
  const others = dependence === 'ellipsis' ? words.filter(({ relational, numeric, kind }) => !relational && !numeric && !kind) : [];
  const subject = names.length > 0 ? names : others;
  const details = phrasesOf(words.filter((word) => !subject.includes(word)), question);
  return {
    subject: subject.length > 0 ? phrasesOf(subject, question) : topic.subject,
    named: subject.length > 0 || topic.named,
    details: dependence === 'ellipsis' ? [...topic.details, ...details] : details,
  };
}

function readTopic(question: string, words: readonly ContentWord[]): Topic {
  const subject = subjectOf(question, words);
  const rest = words.filter((word) => !subject.includes(word));
  const named = subject.some(({ name, start }) => name || /[《「『“"]/.test(question.slice(0, start)));
  return { subject: phrasesOf(subject, question), named, details: phrasesOf(rest, question) };
}

/** Quoted titles, else names, else what stands before the first verb or 的; all words when the question begins by asking. */
function subjectOf(question: string, words: readonly ContentWord[]): ContentWord[] {
  const quoted = /[《「『“"]([^》」』”"]+)[》」』”"]/.exec(question);
  const inQuotes = words.filter(({ start, end }) => quoted && start >= quoted.index && end <= quoted.index + quoted[0].length);
  if (inQuotes.length > 0) return inQuotes;
  const names = words.filter(({ name }) => name);
  if (names.length > 0) return names;
  const telling = words.filter(({ numeric, kind }) => !numeric && !kind);
  const first = telling[0];
  if (!first || askingSpan(question).start < first.start) {
    const things = telling.filter(({ relational }) => !relational);
    return things.length > 0 ? things : telling;
  }
  const inside = (at: number): boolean => words.some(({ start, end }) => start <= at && at < end);
  const end = [...question.matchAll(ENDS_SUBJECT)].find(({ index }) => index >= first.end && !inside(index))?.index ?? question.length;
  return telling.filter((word) => word.end <= Math.min(end, Math.max(first.end, askingSpan(question).start)));
}

function contextFor(question: string, dependence: Dependence, { subject, named, details }: Topic): string[] {
  // 公司的年假有几天？ – 怎么申请？: before 的 stands the owner, and what is spoken about comes after it.
  if (dependence !== 'ellipsis') return named ? subject : [...subject, ...details.filter(isThing)];
  const words = contentWords(question);
  // A new name takes the old one's place, a new property or year that of the old.
  if (words.some(({ name }) => name) && details.length > 0) return details;
  if (words.length > 0 && words.every(({ relational }) => relational)) return subject;
  const newNumber = words.some(({ numeric }) => numeric);
  return [...subject, ...details.filter((detail) => !(newNumber && /\d/.test(detail)))];
}

const isThing = (phrase: string): boolean => contentWords(phrase).every(({ relational, numeric, kind }) => !relational && !numeric && !kind);

/** "Who wrote it?" – "Lu Xun." – "When was he born?": the person is in the answer, not in the question. */
function personIn(question: string, history: readonly Message[]): string[] {
  const answer = history.at(-1);
  const asked = history.findLast(({ role }) => role === 'user');
  if (answer?.role !== 'assistant' || !asked || answerKind(asked.content.slice(0, MAX_LENGTH)) !== 'person' || !PERSONAL.test(question)) return [];
  const text = answer.content.slice(0, MAX_LENGTH).replace(MARKER, '').trim().replace(/[。.!！]+$/, '');
  const name = /\p{Lu}[\p{L}'.-]+(?:\s+\p{Lu}[\p{L}'.-]+)+/u.exec(text)?.[0];
  if (name) return [name];
  return text.length <= SHORT_ANSWER ? phrasesOf(contentWords(text), text) : [];
}
