/** Fusion of keyword and vector results into one ranking. */
export { type FusedHit, type FusionOptions, type ScoredHit, fuse, lexicalVectorWeight, semanticVectorWeight } from './fuse.js';
