import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { buildGraph } from '#libs/vector-index';
import type { Task, TaskMessage, TaskResults } from './background-task.js';
import { SEGMENT_FILES, writeDirectory } from './segment-files.js';
import { mergeSegments, writeTail } from './write-segments.js';

/** Entry of the worker thread: does the one task given as worker data, then ends. */
function run(task: Task): TaskResults[keyof TaskResults] {
  const { root, dimensions } = task;
  switch (task.kind) {
    case 'seal':
      return writeTail(root, task.tail, dimensions, task.names, task.segmentChunks);
    case 'merge':
      return mergeSegments(root, task.sources, dimensions, task.target);
    case 'graph': {
      const files = writeDirectory(join(root, task.target), (target) =>
        buildGraph({
          vectorsPath: join(root, task.segment, SEGMENT_FILES.vectors),
          dimensions,
          wanted: task.wanted,
          seed: task.seed === null ? null : join(root, task.seed),
          target,
          onProgress: (done, total) => send({ type: 'progress', done, total }),
        }),
      );
      return { name: task.target, files };
    }
  }
}

function send(message: TaskMessage): void {
  parentPort?.postMessage(message);
}

try {
  send({ type: 'result', result: run(workerData as Task) });
} catch (error) {
  send({ type: 'error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
