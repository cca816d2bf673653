import type { AnswerKind } from './question-words.js';

/** What a sentence must show to be able to answer a question of the kind. Kinds without an entry fit every sentence. */
const SIGNS: Partial<Record<AnswerKind, RegExp>> = {
  time: /\d{1,4}\s*(?:年|月|日|世纪|世紀|年代)|[一二三四五六七八九十元○〇零]+(?:年|月|世纪|世紀)|世纪|世紀|朝|时期|時期|\b(?:1\d{3}|20\d{2})s?\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|century|today|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i,
  number: /\d|[一二三四五六七八九十百千万萬亿億两兩零〇]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|billion|half|third|quarter|once|twice|several|percent)\b/i,
  person: /\p{Lu}\p{Ll}+|·|[\u3400-\u9fff]{2}/u,
  place: /位于|位於|在|于|於|国|國|市|省|县|縣|州|区|區|\b(?:in|at|near|from|on|to)\b[^.]*\p{Lu}/u,
  reason: /因|由于|由於|为了|為了|所以|故|导致|導致|使得|以便|\b(?:because|since|due|therefore|so|thus|as|to|result|cause[sd]?|reason|for)\b/i,
  list: /、|和|及|与|與|以及|,|;|；|\band\b/i,
  definition: /是|指|为|為|即|称|稱|叫|\b(?:is|are|was|were|means?|called|known|refers?|defined)\b/i,
};

/** 1 when the sentence could hold an answer of this kind, 0 when it lacks every sign of one, 0.5 when the kind has no signs. */
export function answerFit(kind: AnswerKind, sentence: string, question: string): number {
  const sign = SIGNS[kind];
  if (!sign) return 0.5;
  if (kind !== 'time' && kind !== 'number') return sign.test(sentence) ? 1 : 0;
  return sign.test(withoutNumbersOf(sentence, question)) ? 1 : 0;
}

const NUMBERS = /\d+(?:[.,]\d+)*/g;

/** A number that the question already gives is not its answer. */
function withoutNumbersOf(sentence: string, question: string): string {
  const given = question.match(NUMBERS);
  if (!given) return sentence;
  return sentence.replace(NUMBERS, (number) => (given.includes(number) ? '' : number));
}
