/**
 * Constants of the two small models, fitted by `benchmarks/smart-qa-fit.ts` on half of the questions of CMRC 2018, DRCD and XQuAD (the
 * other half is only reported). One set for both languages and all collections.
 */

/** Conditional logit over the sentences of a question: one weight for each of `sentenceFeatures`. */
export const SENTENCE_WEIGHTS: readonly number[] = [4.03, 1.85, 1.76, 1.73, 4, 3.56, 1.75, 0.73, 1.71, 0.99, 2.02, 3.8, 2.16, 1.31, 3.01, -1.48];

/** Log-odds that a row of a table is behind a sentence of prose which says as much: rows name things, sentences say something of them. Set by hand. */
export const ROW_COST = 2;

/** Logistic regression over questions: one weight for each of `confidenceFeatures`. */
export const CONFIDENCE_WEIGHTS: readonly number[] = [2.23, 2.91, 2.08, 1.04, 2.2, -3.24, 2.71, 1.02, 0.13];
export const CONFIDENCE_BIAS = -5.55;

/**
 * Below this confidence the question is refused. Fitted with answerable and unanswerable questions weighing alike; under a half,
 * because wrongly refusing is the worse error: who gets a quote can judge it.
 */
export const ANSWER_THRESHOLD = 0.28;

/** Sentences are added until they hold the answer with this probability. */
export const ENOUGH_PROBABILITY = 0.85;
/** A sentence less probable than this is not worth its place in the answer. */
export const LEAST_PROBABILITY = 0.05;
