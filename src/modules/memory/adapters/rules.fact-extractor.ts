import { extractFacts, type Fact, type Turn } from '#libs/memory';
import { FactExtractor } from '../ports/fact-extractor.js';

/** By the rules in Chinese and English: exact, at once, and blind to what no rule was written for. */
export class RulesFactExtractor extends FactExtractor {
  extract(turns: readonly Turn[]): Promise<Fact[]> {
    return Promise.resolve(extractFacts(turns));
  }
}
