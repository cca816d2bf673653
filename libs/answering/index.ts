/** Answers grounded in passages: extractive answers without a model, and the checks and prompts for answers of a language model. */
export type * from './answering.types.js';
export { extractAnswer } from './extract-answer.js';
