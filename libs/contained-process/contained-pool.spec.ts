import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ContainedJobError } from './contained-job-error.js';
import type { FixtureEvent, FixtureJob } from './contained-pool.fixture.js';
import { overLimitMark } from './protocol.js';
import { ContainedPool, type ContainedPoolOptions } from './contained-pool.js';

const entry = new URL('./contained-pool.fixture.js', import.meta.url);
const pools: ContainedPool<FixtureJob, FixtureEvent>[] = [];

function open(options: Partial<ContainedPoolOptions> = {}): ContainedPool<FixtureJob, FixtureEvent> {
  const pool = new ContainedPool<FixtureJob, FixtureEvent>({ entry, memoryLimitBytes: 256 * 2 ** 20, timeoutMs: 120_000, ...options });
  pools.push(pool);
  return pool;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const failure = (promise: Promise<unknown>): Promise<ContainedJobError> =>
  promise.then(
    () => Promise.reject(new Error('the job succeeded')),
    (error: ContainedJobError) => error,
  );

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe('ContainedPool', () => {
  it('answers jobs from one warm child, without the environment of its parent', async () => {
    const pool = open();
    expect(await pool.run({ kind: 'echo', value: { text: '文档', bytes: new Uint8Array([1, 2]) } })).toEqual({
      text: '文档',
      bytes: new Uint8Array([1, 2]),
    });
    const [pid] = pool.state.pids;
    expect(await pool.run({ kind: 'environment' })).not.toContain('HOME');
    expect(pool.state.pids).toEqual([pid]);
  });

  it("passes the job's own error on with its code and keeps the child", async () => {
    const pool = open();
    const error = await failure(pool.run({ kind: 'throw', code: 'encrypted', message: 'needs a password' }));
    expect(error).toMatchObject({ reason: 'failed', code: 'encrypted', message: 'needs a password' });
    expect(pool.state.idle).toBe(1);
  });

  it('kills what allocates without end, inside or outside the heap, while the parent has hardly anything to do', async () => {
    const pool = open({ size: 2 });
    const begin = process.cpuUsage();
    const errors = await Promise.all([failure(pool.run({ kind: 'allocate' })), failure(pool.run({ kind: 'heap' }))]);
    const { user, system } = process.cpuUsage(begin);
    expect(errors.map((error) => error.reason)).toEqual(['memory', 'memory']);
    // Of this process: what the children burn is theirs.
    expect((user + system) / 1_000).toBeLessThan(1_000);
    expect(process.memoryUsage.rss()).toBeLessThan(1024 * 2 ** 20);
    expect(await pool.run({ kind: 'echo', value: 'still here' })).toBe('still here');
  });

  it('kills an endless loop at its time limit and leaves no process behind', async () => {
    const pool = open();
    const job = failure(pool.run({ kind: 'loop' }, { timeoutMs: 400 }));
    const [pid] = pool.state.pids;
    const started = performance.now();
    expect((await job).reason).toBe('timeout');
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(exists(pid!)).toBe(false);
    expect(pool.state.pids).toEqual([]);
  });

  it('reports a child that exits or is ended by a signal', async () => {
    const pool = open();
    const exit = await failure(pool.run({ kind: 'exit' }));
    expect(exit).toMatchObject({ reason: 'crashed', output: 'giving up' });
    expect(exit.message).toContain('exit code 3');
    expect((await failure(pool.run({ kind: 'segfault' }))).message).toContain('SIGSEGV');
  });

  it('does not take a child that somebody else killed for one that took too much memory', async () => {
    const pool = open();
    const killed = failure(pool.run({ kind: 'loop' }));
    const [pid] = pool.state.pids;
    await sleep(200);
    process.kill(pid!, 'SIGKILL');
    expect(await killed).toMatchObject({ reason: 'crashed' });
    // One that ended itself for its memory leaves a mark.
    const over = fork(fileURLToPath(entry), ['--contained-memory-limit=1000'], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let output = '';
    over.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    expect([(await once(over, 'close'))[1], output]).toEqual(['SIGKILL', overLimitMark]);
  });

  it('lets the child make one event at a time, and does not count the time the parent needs', async () => {
    const pool = open({ timeoutMs: 2_000 });
    // The start of a child counts.
    await pool.run({ kind: 'echo', value: 1 }, { timeoutMs: 120_000 });
    const seen: number[] = [];
    let inHand = 0;
    const result = await pool.run(
      { kind: 'count', events: 8 },
      {
        onEvent: async ({ number }) => {
          inHand += 1;
          expect(inHand).toBe(1);
          await sleep(300);
          seen.push(number);
          inHand -= 1;
        },
      },
    );
    expect(result).toBe(8);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('ends the child when the parent cannot take an event, and hands the reason on', async () => {
    const pool = open();
    const taking = pool.run({ kind: 'count', events: 3 }, { onEvent: () => Promise.reject(new Error('database is gone')) });
    await expect(taking).rejects.toThrow('database is gone');
    expect(pool.state.pids).toEqual([]);
  });

  it('has ended a cancelled job only when the event in hand was taken', async () => {
    const pool = open();
    const caller = new AbortController();
    let taken = false;
    const job = failure(pool.run({ kind: 'count', events: 3 }, {
      signal: caller.signal,
      onEvent: async () => {
        caller.abort();
        await sleep(200);
        taken = true;
      },
    }));
    expect([(await job).reason, taken]).toEqual(['cancelled', true]);
  });

  it('cancels running and waiting jobs, and refuses more than may wait', async () => {
    const pool = open({ maxQueued: 1 });
    const running = new AbortController();
    const waiting = new AbortController();
    const first = failure(pool.run({ kind: 'loop' }, { signal: running.signal }));
    const second = failure(pool.run({ kind: 'loop' }, { signal: waiting.signal }));
    expect((await failure(pool.run({ kind: 'echo', value: 1 }))).reason).toBe('busy');
    waiting.abort();
    expect((await second).reason).toBe('cancelled');
    running.abort();
    expect((await first).reason).toBe('cancelled');
    expect(await pool.run({ kind: 'echo', value: 'next' })).toBe('next');
  });

  it('lets a job wait so long for others, no longer', async () => {
    const pool = open({ maxWaitMs: 200 });
    const running = new AbortController();
    const first = failure(pool.run({ kind: 'loop' }, { signal: running.signal }));
    expect((await failure(pool.run({ kind: 'echo', value: 1 }))).reason).toBe('busy');
    running.abort();
    await first;
    expect(await pool.run({ kind: 'echo', value: 'next' })).toBe('next');
  });

  it('ends idle children after a while and worn ones at once; closing ends all', async () => {
    const pool = open({ idleMs: 50, maxJobsPerChild: 2 });
    await pool.run({ kind: 'echo', value: 1 });
    expect(pool.state.idle).toBe(1);
    await pool.run({ kind: 'echo', value: 2 });
    expect(pool.state.idle).toBe(0);
    await pool.run({ kind: 'echo', value: 3 });
    await expect.poll(() => pool.state.idle).toBe(0);
    const endless = failure(pool.run({ kind: 'loop' }));
    const [pid] = pool.state.pids;
    await pool.close();
    expect((await endless).reason).toBe('closed');
    expect(exists(pid!)).toBe(false);
    expect((await failure(pool.run({ kind: 'echo', value: 4 }))).reason).toBe('closed');
  });

  it('does not outlive its parent, even in an endless loop', async () => {
    const poolModule = new URL('./contained-pool.js', import.meta.url).href;
    const script = `import { ContainedPool } from ${JSON.stringify(poolModule)};
      const pool = new ContainedPool({ entry: new URL(${JSON.stringify(entry.href)}) });
      pool.run({ kind: 'loop' });
      setTimeout(() => console.log(pool.state.pids[0]), 700);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const orphan = Number(((await once(parent.stdout, 'data')) as [Buffer])[0].toString());
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => exists(orphan) && !isZombie(orphan)).toBe(false);
  });
});

/** Where nothing reaps orphans (a container without init) a dead one stays listed as a zombie. */
function isZombie(pid: number): boolean {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return true;
  }
}
