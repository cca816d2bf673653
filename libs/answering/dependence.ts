import { type ContentWord, contentWords, wordStarts } from './content-words.js';
import { askingSpan } from './question-words.js';

/**
 * How a question leans on earlier turns: `pronoun` and `property` ("who is the author?") lack only what they speak about, `ellipsis`
 * ("and in 2019?", 什么时候？) lacks the rest of the question too.
 */
export type Dependence = 'none' | 'pronoun' | 'property' | 'ellipsis';

const NEW_SUBJECT = /^(?:换个(?:话题|问题)|換個(?:話題|問題)|顺便问|順便問|另一个问题|by the way|new question|another question|changing the subject)/i;
const GO_ON =
  /^(?:请|再|能)*(?:继续|繼續|(?:多|详细|詳細|具体|具體)(?:地)?(?:说|說|讲|講|介绍|介紹)(?:说|說|一?下|一?些|一?点|一?點)*|举个?例子?|舉個?例子?)|^(?:please |can you |could you )*(?:tell me more|more details?|go on|continue|explain(?: more| further)?|elaborate|for example|give (?:me )?an? example)[\s.?!]*$/i;

const ZH_CUE = /^(?:那么|那麼|那(?![个個些位本部里裡时時年天场場种種])|还有|還有|另外|然后|然後)[，,\s]*/;
const EN_CUE = /^(?:and|but|so|also|or|then|ok|okay)\b[,\s]*/i;
const EN_INSTEAD = /^(?:what|how) about\b/i;

const ZH_PRONOUN =
  /它们?|它們|他们?|他們|她们?|她們|牠们?|牠們|祂|其(?!他|它|中|余|餘|实|實|次|间|間)|这(?!样|么)|這(?!樣|麼)|那(?:个|個|些|位|本|部|里|裡|时|時|年|天|场|場|种|種)|该|該|此(?!外|后|後|前)|上述|前者|后者|後者|两者|兩者/g;
const EN_PRONOUN = /\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this(?! (?:year|week|month|season|century))|these|(?:the )?(?:former|latter)|there(?=\s*[?.!]*$))\b/gi;
/** "that" only where it is no conjunction and no relative pronoun. */
const EN_THAT = /(?:^|\b(?:is|was|are|were|did|does|do|about|of|in|on|at|for|after|before|by|to|why|how|when) )(?:that|those)\b(?! (?:of|who|which)\b)/gi;
/** "it" that stands for nothing. */
const EN_EXPLETIVE = /\b(?:is|was) it (?:true|possible|necessary|important|safe|better|ok)\b|\bdoes it (?:take|cost|mean)\b(?=.*\bto\b)/i;
const POSSESSIVE = /^(?:its|his|her|hers|their|theirs)$/i;
const CLAUSE = /\b(?:when|if|because|after|before|as|while|that|until|since|and|or|which|than|where)\s+$/i;

const DEFINITION = /^(?:什么|什麼|谁|誰)(?:是|叫|叫做)|是(?:什么|什麼|谁|誰)[？?\s]*$|^(?:what|who)(?:'s| is| are| was| were) (?!the\b)/i;
const QUOTED = /[《「『“"].+[》」』”"]/;

export function dependenceOf(question: string): Dependence {
  const text = question.trim();
  if (NEW_SUBJECT.test(text)) return 'none';
  if (GO_ON.test(text) || EN_INSTEAD.test(text)) return hasOpenPronoun(text) ? 'pronoun' : 'ellipsis';
  const rest = text.replace(ZH_CUE, '').replace(EN_CUE, '');
  if (hasOpenPronoun(rest)) return 'pronoun';
  return lacksSubject(rest, rest.length < text.length);
}

/** Is there a pronoun that nothing before it in the question explains? */
function hasOpenPronoun(text: string): boolean {
  const words = contentWords(text);
  const starts = wordStarts(text);
  const chinese = [...text.matchAll(ZH_PRONOUN)].filter(({ index }) => starts.has(index));
  if (chinese.some(({ index }) => !words.some((word) => word.end <= index && canBeMeant(word) && word.text.length > 1))) return true;
  if ([...text.matchAll(EN_THAT)].some(({ index }) => !words.some((word) => word.end <= index && canBeMeant(word)))) return true;
  if (EN_EXPLETIVE.test(text)) return false;
  return [...text.matchAll(EN_PRONOUN)].some((match) => !isExplained(match[0], match.index, text, words));
}

const canBeMeant = ({ numeric, kind, relational }: ContentWord): boolean => !numeric && !kind && !relational;

function isExplained(pronoun: string, at: number, text: string, words: readonly ContentWord[]): boolean {
  const before = words.filter((word) => word.end <= at && canBeMeant(word));
  if (before.some(({ name }) => name)) return true;
  // "What happens to iron when it rusts?", "Why do plants turn their leaves?": a common noun explains these, but not the object in "Why do plants need it?".
  return before.length > 0 && (POSSESSIVE.test(pronoun) || CLAUSE.test(text.slice(0, at)));
}

/** Too little in the question to ask on its own. */
function lacksSubject(text: string, afterCue: boolean): Dependence {
  const words = contentWords(text);
  const telling = words.filter(({ kind, numeric }) => !kind && !numeric);
  const asking = askingSpan(text);
  const asks = asking.end > asking.start && !/^呢/.test(text.slice(asking.start));
  if (!asks && (/呢[？?\s]*$/.test(text) || (afterCue && words.length <= 4))) return 'ellipsis';
  if (telling.length === 0) return 'ellipsis';
  if (QUOTED.test(text) || telling.some(({ name }) => name)) return 'none';
  if (telling.every(({ relational }) => relational)) return 'property';
  const asksFirst = asks && !words.some(({ end }) => end <= asking.start);
  return telling.length === 1 && asksFirst && !DEFINITION.test(text) ? 'property' : 'none';
}
