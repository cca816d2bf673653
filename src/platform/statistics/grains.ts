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
 * Covers a window with as few rows as possible: days in its middle, hours beside them, minutes at its edges.
 * @param window begins and ends where a minute does; `to` is exclusive
 */
export function segmentsOf(window: { from: Date; to: Date }): Segment[] {
  return cover(window.from.getTime(), window.to.getTime(), ['day', 'hour', 'minute']);
}

function cover(from: number, to: number, [grain, ...finer]: readonly Grain[]): Segment[] {
  if (from >= to || !grain) return [];
  const unit = GRAIN_MS[grain];
  const first = Math.ceil(from / unit) * unit;
  const last = Math.floor(to / unit) * unit;
  if (first >= last) return cover(from, to, finer);
  return [...cover(from, first, finer), { grain, from: new Date(first), to: new Date(last) }, ...cover(last, to, finer)];
}
