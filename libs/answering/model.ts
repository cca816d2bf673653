/**
 * Constants of the two small models, fitted by `benchmarks/smart-qa-fit.ts` on half of the questions of CMRC 2018, DRCD and XQuAD (the
 * other half is only reported). One set for both languages and all collections.
 */

/** Conditional logit over the sentences of a question: one weight for each of `sentenceFeatures`. */
export const SENTENCE_WEIGHTS: readonly number[] = [2.47, 3.94, 3.39, 1.67, 1.93, 0.7, 1.8, 1.07, 2.23, 3.55, 2.4, 0.94, 3.26, -1.51];

/** Logistic regression over questions: one weight for each of `confidenceFeatures`. */
export const CONFIDENCE_WEIGHTS: readonly number[] = [2.02, 2.58, 1.3, 1.92, 2.24, -3.28, 3.19, 1.11, 0.1];
export const CONFIDENCE_BIAS = -5.54;

/**
 * Below this confidence the question is refused. Fitted with answerable and unanswerable questions weighing alike; under a half,
 * because wrongly refusing is the worse error: who gets a quote can judge it.
 */
export const ANSWER_THRESHOLD = 0.25;

/** Sentences are added until they hold the answer with this probability. */
export const ENOUGH_PROBABILITY = 0.85;
/** A sentence less probable than this is not worth its place in the answer. */
export const LEAST_PROBABILITY = 0.05;
