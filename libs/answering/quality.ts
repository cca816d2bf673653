import type { CitedSentence, Quality } from './answering.types.js';
import type { Evidence } from './extract-answer.js';

export function extractiveQuality(_e: Evidence, _c: CitedSentence[], certainty: number): Quality {
  return { score: certainty, groundedness: 1, relevance: 0, coverage: 0 };
}
