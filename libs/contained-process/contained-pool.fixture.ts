import { serveJobs } from './serve-jobs.js';

/** The misbehaviours that contained-pool.spec.ts asks of a real child process. */
export type FixtureJob =
  | { kind: 'echo'; value: unknown }
  | { kind: 'throw'; code: string; message: string }
  | { kind: 'allocate' }
  | { kind: 'heap' }
  | { kind: 'loop' }
  | { kind: 'exit' }
  | { kind: 'segfault' }
  | { kind: 'environment' }
  | { kind: 'count'; events: number };

export type FixtureEvent = { number: number };

async function perform(job: FixtureJob, emit: (event: FixtureEvent) => Promise<void>): Promise<unknown> {
  switch (job.kind) {
    case 'echo':
      return job.value;
    case 'throw':
      throw Object.assign(new Error(job.message), { code: job.code });
    case 'allocate': {
      const kept: Buffer[] = [];
      for (;;) kept.push(Buffer.alloc(8 * 2 ** 20, kept.length));
    }
    case 'heap': {
      const kept: string[][] = [];
      for (;;) kept.push(Array.from({ length: 1000 }, (_, index) => `entry ${index} of ${kept.length}`));
    }
    case 'loop':
      for (;;);
    case 'exit':
      process.stderr.write('giving up');
      await new Promise((resolve) => setTimeout(resolve, 50));
      return process.exit(3);
    case 'segfault':
      process.kill(process.pid, 'SIGSEGV');
      return new Promise(() => undefined);
    case 'environment':
      return Object.keys(process.env);
    case 'count':
      for (let number = 1; number <= job.events; number += 1) await emit({ number });
      return job.events;
  }
}

serveJobs<FixtureJob, FixtureEvent, unknown>(perform);
