/** Fusion of keyword and vector results into one ranking. */
export { type RankedHit, type FusionOptions, type ScoredHit, fuse, lexicalVectorWeight, semanticVectorWeight } from './fuse.js';
