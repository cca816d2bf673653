/** Loaded into the measured server (`NODE_OPTIONS=--import`): on SIGUSR2 it collects garbage and writes its memory, in bytes, to the file that BENCH_MEMORY_FILE names. */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const file = process.env['BENCH_MEMORY_FILE'];

// The server's own child processes inherit the variable: they have an IPC channel, the server does not.
if (file !== undefined && isMainThread && process.send === undefined) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('SIGUSR2', () => {
    collect();
    collect();
    writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
    renameSync(`${file}.new`, file);
  });
}
