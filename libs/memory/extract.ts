import { analyzeQuery } from '#libs/text';
import { clausesOf, type Clause } from './clauses.js';
import { aboutOf, echo, languages, longestMessage, secret } from './gate.js';
import { containment } from './similarity.js';
import type { Fact, Message } from './memory.types.js';

/** Facts of one call: somebody who tells more at once is quoting. */
const mostFacts = 20;

/**
 * What is worth keeping of a turn, by rules in Chinese and English: statements of the user about themselves (name, age, home, job,
 * people, likes, plans, what they did), and what they ask to be remembered. Questions, requests, courtesies, code, quotations and echoes of the
 * assistant are not, and neither are passwords and the like. Most messages yield nothing, and that is the point: a store of everything finds nothing.
 * @returns at most 20 facts, in order, no two of the same text
 */
export function extractFacts(messages: readonly Message[]): Fact[] {
  const steps = extractStepwise(messages);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same, pausing after each message: a long conversation takes long. */
export function* extractStepwise(messages: readonly Message[]): Generator<void, Fact[]> {
  const facts = new Map<string, Fact>();
  const said = new Set<string>();
  for (const { role, content } of messages) {
    const text = content.slice(0, longestMessage);
    if (role === 'assistant') for (const { term } of analyzeQuery(text)) said.add(term);
    if (role === 'user' && content.length <= longestMessage) {
      for (const fact of clausesOf(text).map(factOf)) if (fact && !facts.has(fact.text) && facts.size < mostFacts && !isEcho(fact, said)) facts.set(fact.text, fact);
    }
    yield;
  }
  return [...facts.values()];
}

function factOf(clause: Clause): Fact | undefined {
  const { rules, explicit, asking, chitChat, shortest, longest, comma } = languages[clause.language];
  const wanted = explicit.exec(clause.text)?.[1];
  const text = trimmed([wanted ?? clause.text, ...clause.rest].join(comma), longest, comma);
  if (text.length < shortest || text.length > longest || secret.test(text)) return undefined;
  // "Remember that" makes an order of what would be a question otherwise ("你记得…" stays one).
  if (wanted !== undefined && !/[？?吗呢]/u.test(clause.text)) return { text, ...aboutOf(rules, text), kind: 'explicit' };
  if (asking.test(clause.text) || chitChat.test(clause.text)) return undefined;
  const about = aboutOf(rules, clause.text);
  return about.kind === undefined ? undefined : { text, ...about, kind: about.kind };
}

/** Without the stop at the end; clauses that do not fit are left out. */
function trimmed(text: string, longest: number, comma: string): string {
  let short = text;
  while (short.length > longest && short.includes(comma)) short = short.slice(0, short.lastIndexOf(comma));
  return short.replace(/[\s。.！!；;，,、~～]+$/u, '').trim();
}

/** The assistant said it first: the feedback loop that fills memories with what the model made up. */
function isEcho({ text, kind }: Fact, said: ReadonlySet<string>): boolean {
  if (kind === 'explicit' || said.size === 0) return false;
  const terms = analyzeQuery(text).map(({ term }) => term);
  return terms.length > 3 && containment(terms, said) >= echo;
}
