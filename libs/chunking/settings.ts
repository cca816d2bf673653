import type { ChunkingSettings } from './types.js';

/** Measured on questions with known answers: longer chunks find more first but fill the room for evidence sooner; the overlap saves answers at a cut. */
export const defaultChunking: Readonly<ChunkingSettings> = { maxTokens: 320, overlapTokens: 64, minTokens: 80 };

const smallest = 16;
const largest = 8192;

/** Throws a RangeError that names the setting at fault. */
export function validateSettings({ maxTokens, overlapTokens, minTokens }: ChunkingSettings): void {
  if (!Number.isInteger(maxTokens) || maxTokens < smallest || maxTokens > largest) {
    throw new RangeError(`maxTokens must be an integer between ${smallest} and ${largest}, not ${maxTokens}`);
  }
  if (!Number.isInteger(overlapTokens) || overlapTokens < 0 || overlapTokens > maxTokens / 2) {
    throw new RangeError(`overlapTokens must be an integer between 0 and half of maxTokens, not ${overlapTokens}`);
  }
  if (!Number.isInteger(minTokens) || minTokens < 0 || minTokens > maxTokens) {
    throw new RangeError(`minTokens must be an integer between 0 and maxTokens, not ${minTokens}`);
  }
}
