import type { ChunkingSettings } from './types.js';

/** Measured on questions with known answers: longer chunks find more first but fill the room for evidence sooner; the overlap saves answers at a cut. */
export const defaultChunking: Readonly<ChunkingSettings> = { maxTokens: 320, overlapTokens: 64, minTokens: 80 };

const smallest = 16;
const largest = 8192;

/**
 * Complete settings from chosen ones: what is left open is the default, and each is brought within its bounds: half of `maxTokens` for the
 * overlap, `maxTokens` for the least.
 */
export function fitSettings(chosen: Partial<ChunkingSettings>): ChunkingSettings {
  const wanted = { ...defaultChunking, ...chosen };
  const maxTokens = Math.min(Math.max(wanted.maxTokens, smallest), largest);
  return { maxTokens, overlapTokens: Math.min(wanted.overlapTokens, Math.floor(maxTokens / 2)), minTokens: Math.min(wanted.minTokens, maxTokens) };
}

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
