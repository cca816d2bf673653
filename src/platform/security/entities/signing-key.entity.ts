import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../database/json.js';

/** A key pair that signs tokens, shared by all processes. */
@Entity('signing_keys')
export class SigningKey {
  /** Named in the header of the tokens it signs. */
  @PrimaryColumn('varchar', { name: 'id', length: 64, primaryKeyConstraintName: 'pk_signing_keys' })
  kid!: string;

  /** JWA name, e.g. `EdDSA`. */
  @Column('varchar', { length: 16 })
  algorithm!: string;

  /** JWK. */
  @Column('jsonb', { name: 'private_key' })
  privateKey!: JsonObject;

  /** JWK. */
  @Column('jsonb', { name: 'public_key' })
  publicKey!: JsonObject;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** From then on it signs nothing, while tokens that it signed stay good until they expire. */
  @Column('timestamptz', { name: 'retired_at', nullable: true })
  retiredAt!: Date | null;
}
