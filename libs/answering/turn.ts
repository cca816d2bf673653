import { setImmediate } from 'node:timers/promises';

/** Of an answer, in UTF-16 units: what is longer than anything that models write in one go is read no further. */
export const longestChecked = 100_000;
/** Of a sentence; the rest of it is not compared. About 1 ms of work. */
export const longestSentence = 2_000;

const mostMs = 2;

/** Time of the event loop for work that may be long. @example if (turn.over) await turn.next(); */
export class Turn {
  private since = performance.now();

  get over(): boolean {
    return performance.now() - this.since >= mostMs;
  }

  /** Lets other work go on first. */
  async next(): Promise<void> {
    await setImmediate();
    this.since = performance.now();
  }
}
