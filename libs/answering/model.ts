/** Constants fitted by `benchmarks/smart-qa-fit.ts`. */
export const SENTENCE_WEIGHTS: readonly number[] = [3, 3, 1, 0.5, 3, 2, 0.5, 0.5, 1, 1, 0.5, 0.2, 0.5, 0.5, -1];

export const CONFIDENCE_WEIGHTS: readonly number[] = [3, 3, 2, 1, 2, -3, -1, 0.5, 0, 0];
export const CONFIDENCE_BIAS = -4;
export const ANSWER_THRESHOLD = 0.5;
/** Sentences are added until they hold the answer with this probability. */
export const ENOUGH_PROBABILITY = 0.85;
/** A sentence less probable than this is not worth its place in the answer. */
export const LEAST_PROBABILITY = 0.05;
