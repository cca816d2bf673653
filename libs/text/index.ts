/** Analysis of Chinese and English text: terms for index and query, sentences, token counts, highlights, language. */
export { countAllTokens } from './count-all-tokens.js';
export { analyze, analyzeQuery, termFrequencies, type Token } from './analyze.js';
export type { Fragment } from './fragments.js';
export { highlight, type HighlightOptions } from './highlight.js';
export { detectLanguage, type Language } from './language.js';
export { type Normalised, normalise } from './normalise.js';
export { dictionaryDigest, useDictionary } from './segmenter.js';
export { splitSentences, type TextRange } from './sentences.js';
export { stopTerms } from './stop-words.js';
export { countTokens, endOfTokens } from './token-count.js';
export { DictionaryError, parseDictionary, type UserDictionary } from './user-dictionary.js';
