/** Vectors of texts without a model or network. */
export { LexicalEmbedding } from './lexical-embedding.js';
