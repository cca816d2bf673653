import { pinyin } from 'pinyin-pro';
import { analyze, normalise, stopTerms } from '#libs/text';

const chinese = /\p{Script=Han}{2,}/gu;
/** A run of characters that is also found when it is typed in one go (数据库备份 by shujukubeifen). */
const longestWhole = 8;

/**
 * Terms by which a Chinese title or heading is found when its words are typed in full pinyin without tones: 缓存 by huancun. Single characters are
 * left out: their syllables are words of other languages. 25 MB and 0.1 s at the first use: see loadSpelling().
 */
export function pinyinTerms(text: string): string[] {
  const terms = new Set<string>();
  for (const [run] of normalise(text).text.matchAll(chinese)) {
    const words = analyze(run).flatMap(({ term }) => (term.length > 1 && !stopTerms.has(term) ? [term] : []));
    for (const word of run.length <= longestWhole ? [...words, run] : words) for (const spelling of spellingsOf(word)) terms.add(spelling);
  }
  return [...terms];
}

/** As queries are analysed. ü is typed as v, and as u by those who leave signs out. */
function spellingsOf(word: string): string[] {
  const typed = pinyin(word, { toneType: 'none', type: 'array', v: true }).join('');
  if (!/^[a-z]+$/.test(typed)) return [];
  return [typed, typed.replaceAll('v', 'u')].flatMap((spelling) => analyze(spelling).map(({ term }) => term));
}
