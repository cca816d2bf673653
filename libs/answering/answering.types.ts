/** One retrieved piece of a document, as the retrieval step hands it over. */
export interface Passage {
  id: number | string;
  text: string;
  title?: string;
  /** Heading path, outermost first. */
  headings?: string[];
  /** Retrieval score on any scale; only its ratio to the best passage's score is used. */
  score: number;
  keywordScore?: number;
  vectorScore?: number;
  /** 1 = best. */
  rank: number;
}

/**
 * Inverse document frequency of an analysed term in the loaded collection.
 * A term that no document holds must get the maximum: unknown words are the strongest sign that
 * the documents do not answer.
 */
export type Idf = (term: string) => number;

/** Finds the frequencies of these terms, wherever they are kept. The answer knows no other terms. */
export type Rarity = (terms: readonly string[]) => Promise<Idf>;

export interface AnswerRequest {
  question: string;
  /** Best first; the first 8, up to 10,000 characters together, are read, which bounds the work. */
  passages: Passage[];
  idf: Idf;
  /** 1 to 3, 3 unless told. */
  maxSentences?: number;
}

/** A run of one or more neighbouring sentences of one passage. */
export interface CitedSentence {
  /** The number of its marker in the answer: `[index]`. */
  index: number;
  passage: Passage['id'];
  /** UTF-16 offsets into `passage.text`: `quote === passage.text.slice(start, end)`. */
  start: number;
  end: number;
  quote: string;
  /** How many sentences the quote holds. */
  sentences: number;
  /** Estimated share of the answer's evidence that lies here, 0..1. */
  score: number;
}

export interface ExtractiveAnswer {
  refused: boolean;
  reason?: 'no_passages' | 'thin_evidence';
  /** The quotes with their markers, or the refusal in the question's language. */
  answer: string;
  citations: CitedSentence[];
  quality: Quality;
}

/** All parts 0..1. */
export interface Quality {
  /** Extractive: estimated probability that the quotes hold the answer. Otherwise the geometric mean of the parts. */
  score: number;
  /** Share of what the answer says that the cited passages support. */
  groundedness: number;
  /** How far the answer speaks about what was asked. */
  relevance: number;
  /** Share of the question's weighted terms that the evidence covers. */
  coverage: number;
}

export interface QualityRequest {
  question: string;
  answer: string;
  passages: Passage[];
  citations: readonly { passage: Passage['id'] }[];
  rarity: Rarity;
}

export interface CheckedCitation {
  /** Number of the passage in the prompt, 1-based, as in the marker. */
  index: number;
  passage: Passage['id'];
  start: number;
  end: number;
  quote: string;
  /** Share of the citing sentence that the quote supports, 0..1. */
  score: number;
}

export interface CheckedAnswer {
  /** The answer without markers that point nowhere. */
  text: string;
  citations: CheckedCitation[];
  /** Sentences that no cited (or, without a marker, no given) passage supports. */
  unsupported: string[];
}

/** One message of a conversation. */
export interface Message {
  role: 'user' | 'assistant';
  content: string;
}

export interface ResolvedQuestion {
  /** The question itself, or the topic of the earlier turns followed by the question. */
  query: string;
  usedContext: boolean;
}

export interface PromptOptions {
  /** Budget for the passages, in tokens of `countTokens`. */
  maxTokens?: number;
  /** False: no numbers in the answer, for one that programs read. */
  cite?: boolean;
  /** True: what the user said and what tools found may be used as well. */
  besides?: boolean;
}

export interface GroundedPrompt {
  system: string;
  user: string;
  /** The passages that fitted, in the order of their numbers. */
  included: Passage['id'][];
  /** What they take, estimated. */
  tokens: number;
}
