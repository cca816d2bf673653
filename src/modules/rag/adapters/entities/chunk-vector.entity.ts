import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '../../../../platform/database/bigint.transformer.js';
import { Chunk } from './chunk.entity.js';

/** The vector of a chunk in one embedding; while the embedding changes, a chunk has two. */
@Entity('chunk_vectors')
export class ChunkVector {
  @ForeignKey(() => Chunk, 'key', { name: 'fk_chunk_vectors_chunk', onDelete: 'CASCADE' })
  @PrimaryColumn('bigint', { name: 'chunk_key', primaryKeyConstraintName: 'pk_chunk_vectors', transformer: bigintAsNumber })
  chunkKey!: number;

  /** Which embedding; see EmbeddingModel. */
  @PrimaryColumn('varchar', { length: 255, primaryKeyConstraintName: 'pk_chunk_vectors' })
  space!: string;

  /** Little-endian float32. */
  @Column('bytea', { select: false })
  vector!: Buffer;
}
