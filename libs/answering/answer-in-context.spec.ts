import { describe, expect, it } from 'vitest';
import { answerInContext } from './answer-in-context.js';
import { extractAnswer } from './extract-answer.js';
import { resolveFollowUp } from './follow-up.js';

const texts = [
  'The lease of the warehouse ends on 31 March 2028. The rent is 12,000 euros a month. The landlord is Hafen Immobilien GmbH.',
  '员工每年有十五天年假。病假最多三十天，需要医院证明。',
  'War and Peace was written by Leo Tolstoy. It was published in 1869.',
  'Hamlet was written by William Shakespeare around 1600.',
];
const passages = texts.map((text, index) => ({ id: index, text, score: 1, rank: index + 1 }));
const idf = (term: string) => (term === '\0' ? 3 : 1.5);

function converse(first: string, next: string): string {
  const before = extractAnswer({ question: first, passages, idf });
  const { query } = resolveFollowUp(next, [{ role: 'user', content: first }, { role: 'assistant', content: before.answer }]);
  return answerInContext(next, { question: query, passages, idf }).answer;
}

describe(answerInContext.name, () => {
  it.each([
    ['When does the lease of the warehouse end?', 'Who is its landlord?', 'Hafen Immobilien'],
    ['When does the lease of the warehouse end?', 'And how much is the rent?', '12,000'],
    ['员工每年有几天年假？', '那病假呢？', '三十天'],
    ['What is War and Peace?', 'Who wrote it?', 'Tolstoy'],
    ['When was War and Peace published?', 'And Hamlet?', 'Shakespeare'],
  ])('%s – %s', (first, next, expected) => {
    expect(converse(first, next)).toContain(expected);
  });

  it('is the plain answer when nothing was completed', () => {
    const question = 'Who wrote Hamlet?';
    expect(answerInContext(question, { question, passages, idf })).toEqual(extractAnswer({ question, passages, idf }));
  });
});
