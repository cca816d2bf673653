/** The widths of the rows of roll-ups. */
export type Grain = 'minute' | 'hour' | 'day';

export const GRAIN_MS: Record<Grain, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A stretch that starts and ends where rows of its grain do; `to` is exclusive. */
export interface Segment {
  grain: Grain;
  from: Date;
  to: Date;
}

/**
 * Covers a window with as few rows as possible: coarse ones in its middle, finer ones beside them, the finest at its edges.
 * @param window begins and ends where the finest grain does; `to` is exclusive
 * @param grains those that there are rows of, from coarse to fine
 */
export function segmentsOf(window: { from: Date; to: Date }, grains: readonly Grain[] = ['day', 'hour', 'minute']): Segment[] {
  return cover(window.from.getTime(), window.to.getTime(), grains);
}

function cover(from: number, to: number, [grain, ...finer]: readonly Grain[]): Segment[] {
  if (from >= to || !grain) return [];
  const unit = GRAIN_MS[grain];
  const first = Math.ceil(from / unit) * unit;
  const last = Math.floor(to / unit) * unit;
  if (first >= last) return cover(from, to, finer);
  return [...cover(from, first, finer), { grain, from: new Date(first), to: new Date(last) }, ...cover(last, to, finer)];
}
