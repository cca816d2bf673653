import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a reader that knows a user's memories up to a version must read to know them now: the rows of a later version (forgotten ones
 * are still there), or all of them when some were erased since (`erased`: the version at which that was last done).
 */
export class MemoryChanges1795220300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE memories ADD COLUMN version bigint NOT NULL DEFAULT 0');
    await runner.query('CREATE INDEX idx_memories_version ON memories (owner_id, user_id, version)');
    await runner.query('ALTER TABLE memory_versions ADD COLUMN erased bigint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE memory_versions DROP COLUMN erased');
    await runner.query('ALTER TABLE memories DROP COLUMN version');
  }
}
