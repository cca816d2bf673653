/** Ends a request to a model: when its caller leaves, or when nothing was heard for too long. */
export class Halt {
  /** It was ended for silence. */
  silent = false;
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

  /** Nothing more is wanted: what is still under way is dropped. */
  end(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.leave);
    this.controller.abort();
  }

  private readonly giveUp = () => {
    this.silent = true;
    this.controller.abort();
  };
}
