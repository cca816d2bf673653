import snowball from 'snowball-stemmers';

const stemmer = snowball.newStemmer('english');
const plainWord = /^[a-z]+$/;

/** Stems of words seen before: the stemmer is slow, and a text's words repeat. Emptied when full. */
const stems = new Map<string, string>();
const maxStems = 20_000;

/** The Snowball English stem of a lower-case word; words of other alphabets and very short or long ones stay as they are. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = word.length > 2 && word.length < 40 && plainWord.test(word) ? stemmer.stem(word) : word;
  if (stems.size >= maxStems) stems.clear();
  stems.set(word, stem);
  return stem;
}
