import { analyzeQuery } from '#libs/text';
import type { FactKind } from './memory.types.js';

/** How one kind of statement looks, and what it is about. */
export interface Rule {
  kind: FactKind;
  pattern: RegExp;
  /** Undefined: it contradicts nothing. */
  attribute?: (match: RegExpExecArray) => string | undefined;
}

const longestAttribute = 120;

/** A key of what was said, the same however it is inflected: `subject:` and the telling terms of the object. */
export function attributeOf(subject: string, object: string): string | undefined {
  const terms = [...new Set(analyzeQuery(object).map(({ term }) => term))];
  return terms.length === 0 ? undefined : `${subject}:${terms.join(' ')}`.slice(0, longestAttribute);
}
