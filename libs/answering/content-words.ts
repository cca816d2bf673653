import { analyze } from '#libs/text';
import { characterRoles, WordRole } from './question-words.js';

/** A word of a question that says something, where it stands. */
export interface ContentWord {
  text: string;
  start: number;
  end: number;
  /** Year, date, amount. */
  numeric: boolean;
  /** Written like a name: Latin with a capital, but not only because it begins the question. */
  name: boolean;
  /** Names a property that needs an owner ("population", 作者). */
  relational: boolean;
  /** Names only the kind of the answer ("year"). */
  kind: boolean;
}

const RELATIONAL =
  /^(?:作者|导演|導演|主演|编剧|主角|总部|總部|面积|面積|人口|首都|省会|首府|价格|價格|原因|结果|結果|地点|地點|时间|時間|地址|位置|校长|校長|总统|總統|总理|主席|市长|创始人|創始人|创办人|发明者|母亲|父亲|妻子|丈夫|儿子|女儿|子女|国籍|生日|职业|職業|简称|别名|特点|特點|功能|作用|意义|意義|影响|影響|优点|缺点|区别|定义|定義|含义|历史|歷史|规模|長度|长度|高度|宽度|深度|重量|速度|温度|年龄|成员|代表作|结局|背景|目的|用途|条件|步骤|规定|费用|期限|负责人|语言|气候|经济|货币|出生|去世|成立|诞生|population|area|capital|author|director|writer|founder|owner|president|mayor|ceo|leader|price|cost|size|length|height|width|depth|weight|speed|age|location|address|headquarters?|date|reason|cause|result|purpose|effects?|impact|meaning|definition|history|origin|language|currency|climate|wife|husband|mother|father|children|son|daughter|birthplace|nationality|members?|features?|advantages?|disadvantages?|deadline|fee)$/i;

const NUMERIC = /\d|^[一二三四五六七八九十百千万亿]+$/;
const CAPITAL = /^\p{Lu}/u;

/** The telling words of a question, compounds whole, in order. */
export function contentWords(question: string): ContentWord[] {
  const roles = characterRoles(question);
  const words: ContentWord[] = [];
  let upTo = 0;
  for (const { start, end } of analyze(question)) {
    if (start < upTo) continue;
    upTo = end;
    const role = Math.min(...roles.subarray(start, end));
    if (role === WordRole.form) continue;
    const text = question.slice(start, end);
    const relational = RELATIONAL.test(text);
    const name = CAPITAL.test(text) && (start > 0 || CAPITAL.test(text.slice(1)));
    words.push({ text, start, end, numeric: NUMERIC.test(text), name, relational, kind: role === WordRole.kind });
  }
  return words;
}

/** The words as they stand in the question; neighbours (at most a space or hyphen apart) stay one phrase. */
export function phrasesOf(words: readonly ContentWord[], question: string): string[] {
  const phrases: { start: number; end: number }[] = [];
  for (const { start, end } of words) {
    const last = phrases.at(-1);
    if (last && /^[\s·・-]*$/.test(question.slice(last.end, start))) last.end = end;
    else phrases.push({ start, end });
  }
  return phrases.map(({ start, end }) => question.slice(start, end));
}

/** Where the words of a text begin, form words included: 他 inside 其他 or 吉他 is no pronoun. */
export function wordStarts(text: string): Set<number> {
  const starts = new Set<number>();
  let upTo = 0;
  for (const { start, end } of analyze(text)) {
    if (start < upTo) continue;
    upTo = end;
    starts.add(start);
  }
  return starts;
}
