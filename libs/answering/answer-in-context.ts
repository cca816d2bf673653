import type { AnswerRequest, ExtractiveAnswer } from './answering.types.js';
import { extractAnswer } from './extract-answer.js';

/** How much less sure the words of the follow-up alone may be. */
const CONCESSION = 0.1;

/**
 * Answers a follow-up. The completed question finds the passages; within them the words of the follow-up itself often point
 * better, since those of the topic fit every sentence about it ("When does the lease end?" – "Who is its landlord?").
 * @param asked the question as it was asked; `request.question` is the one completed from the conversation
 */
export function answerInContext(asked: string, request: AnswerRequest): ExtractiveAnswer {
  const completed = extractAnswer(request);
  if (asked === request.question) return completed;
  const own = extractAnswer({ ...request, question: asked });
  return !own.refused && (completed.refused || own.quality.score >= completed.quality.score - CONCESSION) ? own : completed;
}
