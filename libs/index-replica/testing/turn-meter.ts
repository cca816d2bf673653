import { readFileSync } from 'node:fs';

const SCHEDULER_STATISTICS = '/proc/thread-self/schedstat';

/**
 * Measures how much processor time this thread spends between two turns of its event loop: what blocks
 * the loop, whatever else keeps the machine busy. Linux only.
 */
export class TurnMeter {
  /** Longest time so far, in milliseconds. */
  longest = 0;
  private last = processorTime();
  private timer: NodeJS.Timeout | null = null;

  start(): this {
    this.last = processorTime();
    this.timer = setInterval(() => {
      const now = processorTime();
      this.longest = Math.max(this.longest, now - this.last);
      this.last = processorTime();
    }, 1);
    return this;
  }

  stop(): number {
    if (this.timer !== null) clearInterval(this.timer);
    return this.longest;
  }
}

function processorTime(): number {
  return Number(readFileSync(SCHEDULER_STATISTICS, 'utf8').split(' ')[0]) / 1e6;
}
