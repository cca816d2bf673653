/** Memories of a user: what of a turn is worth keeping, what becomes of it beside what is known, and how it is found again. */
export { decide, hashOf, termsOf } from './decide.js';
export { extractFacts, extractStepwise } from './extract.js';
export { admitFacts, mayHoldFacts, ownWords } from './gate.js';
export { MemoryIndex, type IndexedMemory, type MemoryHit, type MemoryQuery } from './memory-index.js';
export type { Decision, Fact, FactKind, Known, Message } from './memory.types.js';
