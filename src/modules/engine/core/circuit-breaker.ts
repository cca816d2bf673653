export interface CircuitLimits {
  /** So many failures within the window, at least, open the circuit … */
  failures: number;
  /** … when they are this share of all outcomes, from 0 to 1. */
  share: number;
  windowMs: number;
  /** An open circuit lets one probe through after this long. */
  coolDownMs: number;
}

export type CircuitState = 'closed' | 'open' | 'half_open';

/** Leave to try. Tell what came of it; a failure may still follow a success (the answer broke off later). */
export interface Attempt {
  succeeded(): void;
  failed(): void;
  /** Nothing was learned, e.g. the caller left. Does nothing after the other two. */
  released(): void;
}

/** The window is counted in so many slices, of which the oldest is forgotten as a whole. */
const slices = 10;

/**
 * Keeps callers away from what is down. Closed: all may try. Open: nobody may, until it has cooled down. Half open: one probe is
 * under way, and what comes of it closes or opens the circuit; nobody waits for it. Late news of attempts that began before the
 * circuit opened changes nothing.
 */
export class CircuitBreaker {
  private openedAt: number | undefined;
  private probe: object | undefined;
  private counts: { slice: number; succeeded: number; failed: number }[] = [];

  /** @param now milliseconds that never go back */
  constructor(
    private readonly limits: CircuitLimits,
    private readonly now: () => number = () => performance.now(),
    private readonly onChange: (state: CircuitState) => void = () => undefined,
  ) {}

  get state(): CircuitState {
    if (this.openedAt === undefined) return 'closed';
    return this.probe ? 'half_open' : 'open';
  }

  /** @returns undefined when nobody may try now */
  enter(): Attempt | undefined {
    if (this.openedAt === undefined) return this.attempt();
    if (this.probe || this.now() - this.openedAt < this.limits.coolDownMs) return undefined;
    this.probe = {};
    this.onChange('half_open');
    return this.attempt(this.probe);
  }

  private attempt(probe?: object): Attempt {
    let told = false;
    const isProbe = () => probe !== undefined && this.probe === probe;
    return {
      succeeded: () => {
        if (told) return;
        told = true;
        if (isProbe()) this.close();
        else if (this.openedAt === undefined && !probe) this.count('succeeded');
      },
      failed: () => {
        told = true;
        if (isProbe()) this.open();
        else if (this.openedAt === undefined) this.count('failed');
      },
      released: () => {
        if (told || !isProbe()) return;
        // Cooled down already: the next one may probe at once.
        this.probe = undefined;
        this.onChange('open');
      },
    };
  }

  private count(outcome: 'succeeded' | 'failed'): void {
    const slice = Math.floor((this.now() * slices) / this.limits.windowMs);
    this.counts = this.counts.filter((count) => count.slice > slice - slices);
    let last = this.counts.at(-1);
    if (last?.slice !== slice) this.counts.push((last = { slice, succeeded: 0, failed: 0 }));
    last[outcome]++;
    if (outcome === 'failed' && this.tooMany()) this.open();
  }

  private tooMany(): boolean {
    const failed = this.counts.reduce((sum, count) => sum + count.failed, 0);
    const all = this.counts.reduce((sum, count) => sum + count.failed + count.succeeded, 0);
    return failed >= this.limits.failures && failed >= all * this.limits.share;
  }

  private open(): void {
    this.openedAt = this.now();
    this.probe = undefined;
    this.onChange('open');
  }

  private close(): void {
    this.openedAt = undefined;
    this.probe = undefined;
    this.counts = [];
    this.onChange('closed');
  }
}
