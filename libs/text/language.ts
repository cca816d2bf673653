import { CharacterClass, classOf } from './characters.js';

export type Language = 'zh' | 'en' | 'mixed' | 'other';

/** Units looked at: the beginning tells enough. */
const sampleLength = 4000;
// A Chinese text with terms in English is Chinese; an English text that names one thing in Chinese is English.
const chineseFrom = 0.7;
const englishUpTo = 0.15;

/**
 * Language of a text by its script: ideographs are Chinese unless kana or Hangul come with them, Latin words count as English
 * (French does too: nothing here tells them apart), everything else is `other`. Looks at the first 4,000 UTF-16 units.
 */
export function detectLanguage(text: string): Language {
  const length = Math.min(text.length, sampleLength);
  let han = 0;
  let latinWords = 0;
  let others = 0;
  let unspaced = 0;
  let inWord = false;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    const kind = classOf(unit);
    const isLetter = kind === CharacterClass.letter;
    if (isLetter && !inWord) {
      if (unit < 0x250) latinWords++;
      else others++;
    }
    inWord = isLetter;
    if (kind === CharacterClass.han) han++;
    else if (kind === CharacterClass.unspaced) unspaced++;
  }
  // About two ideographs make a word.
  const chineseWords = han / 2;
  const known = chineseWords + latinWords;
  if (known === 0 || others > known || unspaced > han / 4 + latinWords) return 'other';
  const share = chineseWords / known;
  if (share >= chineseFrom) return 'zh';
  return share <= englishUpTo ? 'en' : 'mixed';
}
