import type { Measures } from './stats.types.js';

/** Statuses of 400 and above. */
export function errorsOf(measures: Measures): number {
  return measures.clientErrors + measures.serverErrors;
}

/** A fraction, 0 to 1; null of nothing. */
export function rate(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
