import { GRAIN_MS } from '../../../platform/statistics/grains.js';
import { InvalidWindowError } from '../analytics.errors.js';
import type { Window, WindowRequest } from '../stats.types.js';

/**
 * Minutes older than this are gone; hours and days stay as long as the requests themselves. Minutes of single endpoints are
 * nearly as many as requests, so they go sooner.
 */
export const MINUTES_KEPT_MS = { all: 35 * GRAIN_MS.day, endpoints: 3 * GRAIN_MS.day };

/** Whether all requests are looked at together, or single endpoints. */
export type Scope = keyof typeof MINUTES_KEPT_MS;

const LONGEST_MS = 400 * GRAIN_MS.day;
const UNIT_MS: Record<string, number> = { m: GRAIN_MS.minute, h: GRAIN_MS.hour, d: GRAIN_MS.day };

/**
 * The window that is meant: `from` to `to`, or the `window` ("90m", "24h", "7d") that ends at `to` or now, rounded outwards
 * to whole minutes, or to whole hours where no minutes are kept any more.
 * @throws InvalidWindowError
 */
export function resolveWindow(request: WindowRequest, scope: Scope, now: number, defaultMs = GRAIN_MS.day): Window {
  if (request.from && request.window) throw new InvalidWindowError('window', 'cannot be combined with from');
  const to = request.to?.getTime() ?? now;
  const from = request.from?.getTime() ?? to - (request.window ? lengthOf(request.window) : defaultMs);
  if (from >= to) throw new InvalidWindowError('from', 'must be before to (now, when to is absent)');
  if (to - from > LONGEST_MS) throw new InvalidWindowError('from', 'must be at most 400 days before to');
  return roundOutwards({ from: new Date(from), to: new Date(to) }, GRAIN_MS[minutesGone(from, scope, now) ? 'hour' : 'minute']);
}

/** Whether `from` is before the minutes that are promised; an hour of rounding and of slow clocks is forgiven. */
export function minutesGone(from: number, scope: Scope, now: number): boolean {
  return from < now - MINUTES_KEPT_MS[scope] - GRAIN_MS.hour;
}

/** Minutes before this may be deleted: a little later than minutesGone() tells. */
export function minutesEnd(scope: Scope, now: number): Date {
  return new Date(now - MINUTES_KEPT_MS[scope] - 2 * GRAIN_MS.hour);
}

export function roundOutwards(window: Window, unitMs: number): Window {
  return {
    from: new Date(Math.floor(window.from.getTime() / unitMs) * unitMs),
    to: new Date(Math.ceil(window.to.getTime() / unitMs) * unitMs),
  };
}

function lengthOf(text: string): number {
  return Number.parseInt(text, 10) * (UNIT_MS[text.slice(-1)] ?? Number.NaN);
}
