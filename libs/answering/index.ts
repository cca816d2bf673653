/** Answers grounded in passages: extractive answers without a model, and the checks and prompts for answers of a language model. */
export type * from './answering.types.js';
export { answerInContext } from './answer-in-context.js';
export { extractAnswer } from './extract-answer.js';
export { assessQuality } from './quality.js';
export { weighedTerms } from './question.js';
export { checkCitations } from './check-citations.js';
export { markersOf, type Marker } from './citation-markers.js';
export { resolveFollowUp } from './follow-up.js';
export { buildGroundedPrompt } from './grounded-prompt.js';
export { fenced } from './fence.js';
export { gistOf } from './gist.js';
