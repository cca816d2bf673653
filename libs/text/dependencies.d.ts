// Types of the two dictionaries' packages that ship none for the parts used here.

declare module 'opencc-js/dict/*' {
  /** `source target[ target…]` pairs joined by `|`. */
  const dictionary: string;
  export default dictionary;
}

declare module 'snowball-stemmers' {
  export interface Stemmer {
    stem(word: string): string;
  }
  export function newStemmer(language: string): Stemmer;
}
