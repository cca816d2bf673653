/**
 * Keyword index: BM25 over a changing tail in memory and immutable segments on disk. Knows chunks by
 * their ordinal in a part; what they belong to is the caller's matter.
 */
export { DEFAULT_BM25, inverseFrequency, type Bm25 } from './bm25.js';
export { KeywordPart } from './keyword-part.js';
export { KeywordSegment } from './keyword-segment.js';
export { MAX_SEGMENT_CHUNKS } from './keyword-segment-writer.js';
export { KeywordTail, type KeywordTailData } from './keyword-tail.js';
export { mergeKeywordSegments, type KeywordMergeSource } from './merge-keyword-segments.js';
export { idfIn, searchKeywords, type PartView } from './search-keywords.js';
export { writeKeywordTail } from './write-keyword-tail.js';
