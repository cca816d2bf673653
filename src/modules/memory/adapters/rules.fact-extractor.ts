import { setImmediate as nextTurn } from 'node:timers/promises';
import { extractStepwise, type Fact, type Message } from '#libs/memory';
import { FactExtractor } from '../ports/fact-extractor.js';

/** By the rules in Chinese and English: exact, quick, and blind to what no rule was written for. The event loop runs between two messages. */
export class RulesFactExtractor extends FactExtractor {
  async extract(messages: readonly Message[]): Promise<Fact[]> {
    const steps = extractStepwise(messages);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      await nextTurn();
    }
  }
}
