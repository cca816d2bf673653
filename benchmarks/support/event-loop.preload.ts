/**
 * Loaded into the measured server (`NODE_OPTIONS=--import`): on SIGUSR2 it writes how late the event loop was since the last time, and how much
 * processor time one of its turns took at most, in milliseconds, to the file that BENCH_EVENT_LOOP_FILE names.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { TurnMeter } from '../../libs/index-replica/testing/turn-meter.js';

const file = process.env['BENCH_EVENT_LOOP_FILE'];
const resolutionMs = 1;

// The server's own child processes inherit the variable: they have an IPC channel, the server does not.
if (file !== undefined && isMainThread && process.send === undefined) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let turns = new TurnMeter().start();
  process.on('SIGUSR2', () => {
    // The histogram counts the timer's own interval as well.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);
    writeFileSync(`${file}.new`, JSON.stringify({ max: late(delay.max), p99: late(delay.percentile(99)), turn: turns.stop() }));
    renameSync(`${file}.new`, file);
    delay.reset();
    turns = new TurnMeter().start();
  });
}
