import { analyzeQuery, detectLanguage } from '#libs/text';
import { chineseAsking, chineseChitChat, chineseExplicit, chineseRules } from './chinese-rules.js';
import { clausesOf, withoutForeign, type Clause } from './clauses.js';
import { englishAsking, englishChitChat, englishExplicit, englishRules } from './english-rules.js';
import { containment } from './similarity.js';
import type { Fact, Message } from './memory.types.js';
import type { Rule } from './rules.js';

/** How facts look in each language; lengths in UTF-16 units. */
export const languages = {
  zh: { rules: chineseRules, explicit: chineseExplicit, asking: chineseAsking, chitChat: chineseChitChat, shortest: 4, longest: 120, comma: '，' },
  en: { rules: englishRules, explicit: englishExplicit, asking: englishAsking, chitChat: englishChitChat, shortest: 8, longest: 300, comma: ', ' },
};
/** A message is read up to here, in UTF-16 units: longer ones are pasted texts, whose "I" is somebody else. */
export const longestMessage = 4_000;
/** What must not lie in a table that a model reads: whoever says it meant it for the moment. */
export const secret = /密码|口令|验证码|私钥|银行卡号|信用卡号|身份证号|\b(?:passwords?|passcode|pin(?: code)?|api[ -]?key|secret key|private key|access token|cvv|credit card|social security)\b|\b(?:\d[ -]?){15,19}\b/iu;
/** From this share of its terms in the assistant's words on, a statement is an echo. */
export const echo = 0.9;
/** So many of its terms must be the user's own: a model puts facts in other words, but does not make them up. */
const grounded = 0.6;
/** Names and numbers: these must be the user's, every one. The first word of a sentence is capital anyway. */
const particulars = /(?<=\S\s+)\p{Lu}[\p{L}'-]*|\d+/gu;

/** What the user said in a turn, without code, quotations, addresses and passages that somebody put there. Pasted texts are left out. */
export function ownWords(messages: readonly Message[]): string[] {
  const said = messages.filter(({ role, content }) => role === 'user' && content.length <= longestMessage);
  return said.map(({ content }) => withoutForeign(content).trim()).filter((text) => text !== '');
}

/** Whether a turn may hold a fact at all: not when all that the user says is questions, requests and courtesies. */
export function mayHoldFacts(messages: readonly Message[]): boolean {
  return ownWords(messages).some((text) => clausesOf(text).some((clause) => isStatement(clause)));
}

/**
 * Lets through what a model proposes as facts of a turn: statements whose words are mostly the user's, none that only the assistant
 * said (the feedback loop), no questions, courtesies or secrets, nothing too long. What a rule knows about them is added.
 */
export function admitFacts(proposed: readonly string[], messages: readonly Message[]): Fact[] {
  const said = ownWords(messages);
  const own = new Set(said.flatMap(termsIn));
  const plain = said.join('\n').toLowerCase();
  const others = new Set(messages.filter(({ role }) => role !== 'user').flatMap(({ content }) => termsIn(content.slice(0, longestMessage))));
  const facts = new Map<string, Fact>();
  for (const one of proposed) {
    const text = one.replace(/\s+/g, ' ').replace(/[\s。.！!；;，,]+$/u, '').trim();
    const language = languages[languageOf(text)];
    const terms = termsIn(text);
    const unfit = text.length < language.shortest || text.length > language.longest || secret.test(text) || language.asking.test(text) || language.chitChat.test(text);
    const share = containment(terms, own);
    if (unfit || terms.length === 0 || share < grounded || inventsParticulars(text, plain) || (share < echo && containment(terms, others) >= echo)) continue;
    if (!facts.has(text)) facts.set(text, { text, kind: 'explicit', ...aboutOf(language.rules, text) });
  }
  return [...facts.values()];
}

/** What the first rule that fits says about a text. */
export function aboutOf(rules: readonly Rule[], text: string): Partial<Pick<Fact, 'kind' | 'attribute'>> {
  for (const { kind, pattern, attribute } of rules) {
    const match = pattern.exec(text);
    if (!match) continue;
    const about = attribute?.(match);
    return { kind, ...(about === undefined ? {} : { attribute: about }) };
  }
  return {};
}

function inventsParticulars(text: string, said: string): boolean {
  return (text.match(particulars) ?? []).some((one) => one !== 'I' && !/^I'/.test(one) && !said.includes(one.toLowerCase()));
}

function isStatement({ text, language }: Clause): boolean {
  const { asking, chitChat, explicit, shortest } = languages[language];
  if (explicit.test(text)) return true;
  return text.length >= shortest && !asking.test(text) && !chitChat.test(text);
}

const termsIn = (text: string): string[] => analyzeQuery(text).map(({ term }) => term);
const languageOf = (text: string): 'zh' | 'en' => (detectLanguage(text) === 'en' ? 'en' : 'zh');
