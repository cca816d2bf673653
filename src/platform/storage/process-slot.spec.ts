import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { persistentId } from './persistent-id.js';
import { ProcessSlot } from './process-slot.js';
import { silentMs, SlotClaim } from './slot-claim.js';

const ended = '{"pid":4194303,"startedAt":"x/1"}';
const fixture = fileURLToPath(new URL('./process-slot.fixture.js', import.meta.url));

describe(ProcessSlot.name, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slot-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const claim = () => new ProcessSlot({ AI_STACK_DATA_DIR: folder });

  /** An owner file of place 0, last touched so long ago. */
  function leave(content: string, silence: number, name = 'owner.json'): void {
    const directory = join(folder, 'processes', '0');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), content);
    const at = (Date.now() - silence) / 1000;
    utimesSync(join(directory, name), at, at);
  }

  it('is the first free one, and keeps its name from owner to owner', () => {
    const first = claim();
    const second = claim();
    expect(second.directory).not.toBe(first.directory);
    expect(second.id).not.toBe(first.id);
    for (let owner = 0; owner < 5; owner += 1) {
      first.onApplicationShutdown();
      const again = claim();
      expect([again.directory, again.id]).toEqual([first.directory, first.id]);
      again.onApplicationShutdown();
    }
    expect(readdirSync(first.directory).filter((name) => name.startsWith('owner')).length).toBe(2);
  });

  it.each([
    ['that has ended', ended, 0],
    ['that was killed while it wrote', '{"pi', silentMs + 1_000],
    ['in another container that is silent', '{"pid":7,"startedAt":"x/1","domain":"elsewhere"}', silentMs + 1_000],
  ])('is taken over from an owner %s', (_which, content, silence) => {
    leave(content, silence);
    expect(basename(claim().directory)).toBe('0');
  });

  it.each([
    ['is in another container, whose numbers mean nothing here', `{"pid":${process.pid},"startedAt":"x/1","domain":"elsewhere"}`],
    ['is writing its name', ''],
  ])('is left to an owner that %s', (_which, content) => {
    leave(content, silentMs / 2);
    expect(basename(claim().directory)).toBe('1');
  });

  it('tells its owner when another one took it over', async () => {
    const first = SlotClaim.firstFree(folder);
    expect(await first.renew()).toBe(true);
    writeFileSync(join(first.directory, 'owner.2.json'), ended);
    expect(await first.renew()).toBe(false);
  });

  it('is one for each of many that start at once beside dead owners, and all name the folder alike', async () => {
    leave(ended, 0);
    leave(ended, 0, 'owner.3.json');
    const root = join(folder, 'processes');
    const children = Array.from({ length: 8 }, () => fork(fixture));
    const told = (child: ChildProcess) => once(child, 'message').then(([message]) => message as { directory: string; id: string });
    try {
      await Promise.all(children.map(told));
      const answers = children.map(told);
      for (const child of children) child.send(root);
      const claims = await Promise.all(answers);
      expect(new Set(claims.map(({ directory }) => directory)).size).toBe(children.length);
      expect(new Set(claims.map(({ id }) => id)).size).toBe(1);
    } finally {
      for (const child of children) child.disconnect();
    }
  });

  it('gives an id that stays', () => {
    const path = join(folder, 'id');
    expect(persistentId(path)).toBe(persistentId(path));
  });
});
