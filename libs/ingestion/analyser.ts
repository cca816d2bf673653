import { dictionaryDigest } from '#libs/text';

/** 1: before versions were kept. 2: Chinese titles and headings are found by their pinyin. */
const version = '2';

/** Names how documents are analysed in this thread: what was analysed under another name may be found by other words. */
export function analyserVersion(): string {
  const dictionary = dictionaryDigest();
  return dictionary === '' ? version : `${version}+${dictionary}`;
}
