import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { persistentId, ProcessSlot } from './process-slot.js';

describe(ProcessSlot.name, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slot-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const claim = () => new ProcessSlot({ AI_STACK_DATA_DIR: folder });

  it('is the first free one, and keeps its name from owner to owner', () => {
    const first = claim();
    const second = claim();
    expect(second.directory).not.toBe(first.directory);
    expect(second.id).not.toBe(first.id);
    first.onApplicationShutdown();
    const again = claim();
    expect([again.directory, again.id]).toEqual([first.directory, first.id]);
  });

  it('is taken over from a process that is gone, and from one that was killed while it wrote', () => {
    const { directory, id } = claim();
    for (const left of ['{"pid":4194303,"startedAt":"x/1"}', '{"pi', '']) {
      writeFileSync(join(directory, 'owner.json'), left);
      expect(claim().id).toBe(id);
    }
  });

  it('gives an id that stays', () => {
    const path = join(folder, 'id');
    expect(persistentId(path)).toBe(persistentId(path));
  });
});
