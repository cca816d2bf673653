import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchWriter, defaultBatchLimits, type BatchLimits } from './batch-writer.js';

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['log', 'error', 'warn']));

/** Keeps rows in this process; fails as long as `trouble` says so. */
function open(limits: Partial<BatchLimits> = {}) {
  const stored: number[] = [];
  const target = {
    name: 'numbers',
    trouble: undefined as Error | undefined,
    write: async (_tenant: string, rows: readonly number[]) => {
      await Promise.resolve();
      if (target.trouble) throw target.trouble;
      stored.push(...rows);
    },
  };
  return { target, stored, writer: new BatchWriter<number>(target, { ...defaultBatchLimits, retryMs: [5, 10], shutdownMs: 500, ...limits }) };
}
const fill = (writer: BatchWriter<number>, count: number) => Array.from({ length: count }, (_, n) => n).forEach((n) => writer.add('a', n));
const failure = (code: string) => Object.assign(new Error(code), { code });

describe(BatchWriter.name, () => {
  it('writes all it holds, in order and however many batches that are', async () => {
    const { writer, stored } = open({ batch: 500, flushAt: Infinity });
    fill(writer, 1_200);
    await writer.stop();
    expect(stored).toEqual(Array.from({ length: 1_200 }, (_, n) => n));
  });

  it('keeps what cannot be written now, counts what finds no room, and loses nothing else', async () => {
    const { writer, target, stored } = open({ capacity: 100 });
    target.trouble = failure('ECONNREFUSED');
    fill(writer, 130);
    await writer.flush('a');
    expect([writer.pending('a'), writer.dropped('a')]).toEqual([100, 30]);
    target.trouble = undefined;
    await writer.stop();
    expect([stored.length, writer.pending('a'), writer.dropped('a')]).toEqual([100, 0, 30]);
  });

  it('drops a batch that can never be written, and goes on with the next', async () => {
    const { writer, target, stored } = open({ batch: 10 });
    target.trouble = failure('22P02');
    fill(writer, 15);
    await writer.flush('a');
    target.trouble = undefined;
    await writer.flush('a');
    expect([stored, writer.dropped('a')]).toEqual([[10, 11, 12, 13, 14], 10]);
  });

  it('gives up at the shutdown when its time is over', async () => {
    const { writer, target } = open({ shutdownMs: 100 });
    target.trouble = failure('ECONNREFUSED');
    fill(writer, 3);
    const startedAt = performance.now();
    await writer.settle();
    await writer.stop();
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(writer.pending('a')).toBe(3);
  });
});
