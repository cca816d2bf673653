import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A token that was ended before its time; forgotten when it would have ended by itself. */
@Entity('revoked_tokens')
@Index('idx_revoked_tokens_expires', ['expiresAt'])
export class RevokedToken {
  /** `jti` of the token. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_revoked_tokens' })
  id!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
