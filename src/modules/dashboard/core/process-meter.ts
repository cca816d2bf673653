import { availableParallelism, totalmem } from 'node:os';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { ProcessFigures } from '../dashboard.types.js';

const nanosecond = 1e-6;
/** Shorter stretches say nothing: whoever looks twice within one sees the same. */
const shortestMs = 500;
/** The watch over the event loop costs 50 timers a second: it ends when nobody has looked for so long. */
const idleMs = 10_000;

/** What this process uses. Looks within half a second see the same figures. */
export class ProcessMeter {
  private readonly cores = availableParallelism();
  private readonly memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  private lookedAt = performance.now() - process.uptime() * 1_000;
  private cpu = { user: 0, system: 0 };
  private delay: IntervalHistogram | undefined;
  private idle: NodeJS.Timeout | undefined;
  private last: ProcessFigures | undefined;

  look(): ProcessFigures {
    const now = performance.now();
    if (this.last && now - this.lookedAt < shortestMs) return this.last;
    const cpu = process.cpuUsage();
    const usedMs = (cpu.user - this.cpu.user + cpu.system - this.cpu.system) / 1_000;
    const { rss, heapUsed } = process.memoryUsage();
    this.last = {
      memoryUsage: Math.min(rss / this.memory, 1),
      memoryBytes: rss,
      heapBytes: heapUsed,
      cpuUsage: Math.min(usedMs / (now - this.lookedAt) / this.cores, 1),
      cores: this.cores,
      eventLoopDelay: this.readDelay(),
      uptimeSeconds: process.uptime(),
    };
    this.cpu = cpu;
    this.lookedAt = now;
    return this.last;
  }

  stop(): void {
    clearTimeout(this.idle);
    this.delay?.disable();
    this.delay = undefined;
  }

  private readDelay(): ProcessFigures['eventLoopDelay'] {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.stop(), idleMs).unref();
    if (!this.delay) {
      this.delay = monitorEventLoopDelay({ resolution: 20 });
      this.delay.enable();
      return null;
    }
    // The timer itself is part of what is measured.
    const late = (nanoseconds: number) => Math.max(nanoseconds * nanosecond - 20, 0);
    const figures = { p99Ms: late(this.delay.percentile(99)), maxMs: late(this.delay.max) };
    this.delay.reset();
    return figures;
  }
}
