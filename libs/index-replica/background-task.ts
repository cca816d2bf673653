import { Worker } from 'node:worker_threads';
import type { FileSummary } from '#libs/index-parts';
import type { TailData } from './tail-part.js';
import type { MergeResult, MergeSource, WrittenSegment } from './write-segments.js';

interface TaskBase {
  root: string;
  dimensions: number;
}

/** What the worker thread can do, with what it needs. */
export type Task =
  | (TaskBase & { kind: 'seal'; tail: TailData; names: string[]; segmentChunks: number })
  | (TaskBase & { kind: 'merge'; sources: MergeSource[]; target: { segment: string; graph: string } })
  | (TaskBase & { kind: 'graph'; segment: string; wanted: Uint8Array; seed: string | null; target: string });

export interface TaskResults {
  seal: WrittenSegment[];
  merge: MergeResult;
  graph: { name: string; files: FileSummary[] };
}

export type TaskMessage =
  | { type: 'progress'; done: number; total: number }
  | { type: 'result'; result: TaskResults[keyof TaskResults] }
  | { type: 'error'; message: string };

/** The work was given up because the replica closes or its caller asked for it. */
export class TaskCancelledError extends Error {
  override readonly name = 'TaskCancelledError';
}

/** Keeps the worker's garbage small: it shares the memory of the server. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/** The buffers of a tail's copy: handed over, not copied again. */
function buffersOf(tail: object): ArrayBuffer[] {
  return Object.values(tail).flatMap((value: unknown) => {
    if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
    return typeof value === 'object' && value !== null ? buffersOf(value) : [];
  });
}

/** Runs one task in a worker thread of its own, which ends with it and gives all its memory back. */
export function runTask<K extends Task['kind']>(
  task: Extract<Task, { kind: K }>,
  signal: AbortSignal,
  onProgress?: (done: number, total: number) => void,
): Promise<TaskResults[K]> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new TaskCancelledError('Cancelled before it began.'));
      return;
    }
    const worker = new Worker(new URL('./replica.worker.js', import.meta.url), {
      workerData: task,
      transferList: 'tail' in task ? buffersOf(task.tail) : [],
      resourceLimits: WORKER_LIMITS,
    });
    let settle: () => void = () => reject(new Error(`The index worker ended without a result (${task.kind}).`));
    const cancel = () => {
      settle = () => reject(new TaskCancelledError('Cancelled.'));
      void worker.terminate();
    };
    signal.addEventListener('abort', cancel, { once: true });
    worker.on('message', (message: TaskMessage) => {
      if (message.type === 'progress') onProgress?.(message.done, message.total);
      else if (message.type === 'result') settle = () => resolve(message.result as TaskResults[K]);
      else settle = () => reject(new Error(message.message));
    });
    worker.on('error', (error) => (settle = () => reject(error)));
    // Only now is its memory free again.
    worker.on('exit', () => {
      signal.removeEventListener('abort', cancel);
      settle();
    });
  });
}
