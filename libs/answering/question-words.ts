/**
 * Words that ask, and words that only glue. They carry the form of a question and not its subject, so evidence need not
 * repeat them. Simplified and traditional forms are listed together.
 */

export type AnswerKind =
  | 'person' | 'time' | 'number' | 'place' | 'reason' | 'definition' | 'list' | 'manner' | 'other';

/** The first pattern that matches decides; ordered from the narrow to the wide. */
const KINDS: readonly (readonly [AnswerKind, RegExp])[] = [
  ['reason', /(?<![称稱聘算名作成改升任分译譯定认認视視誉譽封化选選变變做叫])(?:为什么|為什麼|為甚麼)|为何|為何|何以|原因|理由|怎么会|怎麼會|\bwhy\b|\bwhat (?:caused|causes|reason)\b|\bfor what reason/i],
  ['time', /什么时(?:候|间)|什麼時(?:候|間)|甚麼時候|何时|何時|何年|何月|哪(?:一)?(?:年|天|月|日|个月|個月|个世纪|個世紀|个时期|個時期|个朝代|個朝代|世纪)|几月|几号|幾月|幾號|(?:时间|時間|日期)[？?\s]*$|\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b/i],
  ['number', /多少|几(?!乎|何)|幾(?!乎|何)|多(?:大|长|長|高|远|遠|重|久|深|宽|寬|快)|\bhow (?:many|much|long|far|old|large|big|tall|high|deep|often|fast|heavy|wide)\b|\bwhat (?:percentage|percent|number|population|amount)\b/i],
  ['person', /谁|誰|哪(?:一)?(?:位|个人|個人|些人)|什么人|什麼人|何人|\bwho(?:m|se)?\b/i],
  ['place', /哪(?:里|裡|裏|儿|兒)|哪(?:一)?(?:个|個)?(?:国家?|國家?|城市|地方|省|市|州|地区|地區|洲)|何处|何處|何地|什么地方|什麼地方|\bwhere\b|\b(?:what|which) (?:country|city|place|state|continent|location)\b/i],
  ['list', /哪些|哪几|哪幾|有几种|分为|分為|\bwhat are\b|\bwhich are\b|\bname (?:the|some|two|three)\b/i],
  ['definition', /什么是|什麼是|是什么(?:意思)?[？?]?$|是什麼(?:意思)?[？?]?$|指的?是?什么|指的?是?什麼|的定义|的定義|\bwhat (?:is|was|does)\b[^?]*(?:mean|called|known)?\??$/i],
  ['manner', /怎么|怎麼|怎样|怎樣|如何|\bhow\b/i],
];

const ZH_ASKING = [
  '为什么|為什麼|為甚麼|为何|為何|何以|什么样|什麼樣|怎么样|怎麼樣|什么时候|什麼時候|甚麼時候|什么|什麼|甚麼',
  '谁|誰|哪(?:一)?(?:些|里|裡|裏|儿|兒|个|個|位|种|種|类|類|年|天|月|日|国|國|家|座|部|本|所|场|場|条|條|支|项|項|名|次|点|點|方面)?',
  '何(?:时|時|处|處|地|人|种|種|年|月|谓|謂|物|事)|多(?:少|大|久|长|長|高|远|遠|重|深)|几(?!乎|何)|幾(?!乎|何)',
  '怎么|怎麼|怎样|怎樣|如何|是否|是不是|有没有|有沒有|能不能|可不可以|会不会|會不會|吗|嗎|呢|请问|請問|请|請|告诉我|告訴我',
  '它们|它們|他们|他們|她们|她們|它|他|她|牠|祂|那|哪|上述|前者|后者|後者|以及|不|没有|沒有|没|沒',
  '是指|指的是|的|了|着|著|是|在|有|被|由|于|於|与|與|和|及|以|为|為|其|这|這|那|该|該|此|之|也|都|就|而|或|从|從|到|对|對|把|将|將|会|會|能|可以|并|並|还|還|又',
];
const EN_ASKING = [
  "what|who|whom|whose|which|when|where|why|how|is|are|was|were|be|been|being|do|does|did|has|have|had|having|can|could",
  "will|would|shall|should|may|might|must|a|an|the|of|in|on|at|to|for|from|by|with|as|into|onto|about|and|or|but|that|this",
  "these|those|it|its|they|them|their|he|she|his|her|him|there|than|then|so|such|some|any|not|no|if|s|i|me|my|we|our|you|your|please|tell",
];

/** Spans of the question that only ask or glue. Chinese has no word borders here: the analyser's terms decide what they cover. */
const FORM_WORDS = new RegExp(`${ZH_ASKING.join('|')}|\\b(?:${EN_ASKING.join('|')})\\b`, 'giu');

/** Words naming the kind of the answer rather than the subject ("year" of "which year"): they count, but little. */
const KIND_WORDS =
  /年份?|时间|時間|时候|時候|名字|名称|名稱|数量|數量|种类|種類|方面|主要|目前|现在|現在|人|个|個|位|种|種|次|\b(?:year|date|name[ds]?|kinds?|types?|many|much|number|called|percent(?:age)?|person|people|country|city|long|old|term|interested|articles?|papers?|anything|information)\b/giu;

export function answerKind(question: string): AnswerKind {
  return KINDS.find(([, pattern]) => pattern.test(question))?.[0] ?? 'other';
}

/** What a character of a question belongs to; the smaller, the more telling. */
export const WordRole = { subject: 0, kind: 1, form: 2 } as const;

/** The `WordRole` of each character. */
export function characterRoles(question: string): Uint8Array {
  const roles = new Uint8Array(question.length);
  for (const match of question.matchAll(KIND_WORDS)) roles.fill(WordRole.kind, match.index, match.index + match[0].length);
  for (const match of question.matchAll(FORM_WORDS)) roles.fill(WordRole.form, match.index, match.index + match[0].length);
  return roles;
}

const ASKING =
  /为什么|為什麼|为何|為何|什么|什麼|甚麼|谁|誰|哪|何(?:时|時|处|處|地|人|种|種|年|月)|多(?:少|大|久|长|長|高|远|遠|重|深)|几(?!乎|何)|幾(?!乎|何)|怎么|怎麼|怎样|怎樣|如何|是否|吗|嗎|呢|\b(?:what|who|whom|whose|which|when|where|why|how)\b/i;

/** Where the question asks: its first interrogative, else its end. */
export function askingSpan(question: string): { start: number; end: number } {
  const match = ASKING.exec(question);
  return match ? { start: match.index, end: match.index + match[0].length } : { start: question.length, end: question.length };
}
