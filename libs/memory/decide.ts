import { createHash } from 'node:crypto';
import { analyzeQuery, normalise } from '#libs/text';
import { containment, similarity } from './similarity.js';
import type { Decision, Known } from './memory.types.js';

/** From this similarity on, two memories say the same or contradict each other in one word; either way only one stays. */
const nearDuplicate = 0.7;
/** A new text that holds all of an old one, and not much more, takes its place. */
const extension = 0.6;

/** Terms by which memories are compared and found. */
export function termsOf(text: string): string[] {
  return analyzeQuery(text).map(({ term }) => term);
}

/** The same for texts that differ in case, width, spaces or punctuation only. Hex, 64 digits. */
export function hashOf(text: string): string {
  const plain = normalise(text).text.toLowerCase().replace(/[\s\p{P}]+/gu, '');
  return createHash('sha256').update(plain === '' ? text : plain).digest('hex');
}

/**
 * What becomes of a new fact beside those that are known: nothing (known word for word, or less than what is known), a new text for
 * an old memory (another value of the same attribute, more of the same), or a new memory.
 */
export function decide(fact: { hash: string; terms: readonly string[]; attribute?: string | null }, known: readonly Known[]): Decision {
  const same = known.find(({ hash }) => hash === fact.hash);
  if (same) return { event: 'NONE', id: same.id };
  const rival = fact.attribute ? known.find(({ attribute }) => attribute === fact.attribute) : undefined;
  if (rival) return { event: 'UPDATE', id: rival.id };
  let nearest: Known | undefined;
  let best = 0;
  for (const one of known) {
    const score = similarity(fact.terms, one.terms);
    if (score > best) [nearest, best] = [one, score];
  }
  if (!nearest || fact.terms.length < 3) return { event: 'ADD' };
  const terms = new Set(fact.terms);
  if (best >= nearDuplicate) return { event: containment(fact.terms, new Set(nearest.terms)) === 1 && terms.size < new Set(nearest.terms).size ? 'NONE' : 'UPDATE', id: nearest.id };
  if (best >= extension && containment(nearest.terms, terms) === 1) return { event: 'UPDATE', id: nearest.id };
  return { event: 'ADD' };
}
