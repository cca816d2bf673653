import { LexicalEmbedding } from '#libs/embedding';
import { lexicalVectorWeight } from '#libs/ranking';
import { EmbeddingModel } from '../ports/embedding-model.js';

/** The built-in embedding: same words, near vectors. It knows no synonyms; its weight says so. */
export class LexicalEmbeddingModel extends EmbeddingModel {
  private readonly embedding = new LexicalEmbedding();
  readonly name = this.embedding.model;
  readonly space = `${this.embedding.model}@${this.embedding.version}/${this.embedding.dimensions}`;
  readonly dimensions = this.embedding.dimensions;
  readonly weight = lexicalVectorWeight;
  readonly semantic = false;
  readonly local = true;

  embed(texts: string[]): Promise<Float32Array[]> {
    return Promise.resolve(this.embedding.embed(texts));
  }
}
