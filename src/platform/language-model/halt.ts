/** Ends a request to a model: when its caller leaves, or when nothing was heard for too long. */
export class Halt {
  /** It was ended for silence. */
  silent = false;
  /** False while the caller is at work: his time is not the server's. */
  waiting = true;
  private complete = false;
  private readonly controller = new AbortController();
  private readonly leave = () => this.controller.abort();
  private timer: NodeJS.Timeout;
  private deadline: number;

  constructor(
    private readonly patienceMs: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    if (caller?.aborted) this.controller.abort();
    caller?.addEventListener('abort', this.leave, { once: true });
    this.deadline = performance.now() + patienceMs;
    this.timer = setTimeout(this.giveUp, patienceMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get leftMs(): number {
    return this.deadline - performance.now();
  }

  /** Something came: wait anew. @param patienceMs another patience from now on */
  heard(patienceMs?: number): void {
    if (patienceMs === undefined) {
      this.timer.refresh();
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(this.giveUp, patienceMs);
  }

  /** All has been read: there is nothing to drop. */
  over(): void {
    this.complete = true;
  }

  /** Nothing more is wanted: what is still under way is dropped. */
  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.leave);
    if (!this.complete) this.controller.abort();
  }

  private readonly giveUp = () => {
    if (!this.waiting) {
      this.timer.refresh();
      return;
    }
    this.silent = true;
    this.controller.abort();
  };
}
