import { describe, expect, it } from 'vitest';
import { GRAIN_MS, segmentsOf } from './grains.js';

const at = (text: string): Date => new Date(`${text}Z`);

describe('segmentsOf', () => {
  it('takes days in the middle, hours beside them, minutes at the edges', () => {
    const segments = segmentsOf({ from: at('2026-11-18T21:58'), to: at('2026-11-21T02:03') });
    expect(segments.map(({ grain, from, to }) => `${grain} ${from.toISOString().slice(8, 16)} ${to.toISOString().slice(8, 16)}`)).toEqual([
      'minute 18T21:58 18T22:00',
      'hour 18T22:00 19T00:00',
      'day 19T00:00 21T00:00',
      'hour 21T00:00 21T02:00',
      'minute 21T02:00 21T02:03',
    ]);
  });

  it('covers any window once, without a gap, on the borders of its grains', () => {
    for (let i = 1; i < 500; i++) {
      const from = new Date((i * 7_919) % 100_000 * GRAIN_MS.minute);
      const to = new Date(from.getTime() + ((i * 104_729) % 20_000) * GRAIN_MS.minute + GRAIN_MS.minute);
      const segments = segmentsOf({ from, to });
      expect(segments.at(0)?.from).toEqual(from);
      expect(segments.at(-1)?.to).toEqual(to);
      segments.forEach((segment, place) => {
        expect([segment.from.getTime() % GRAIN_MS[segment.grain], segment.to.getTime() % GRAIN_MS[segment.grain]]).toEqual([0, 0]);
        if (place > 0) expect(segment.from).toEqual(segments[place - 1]?.to);
      });
    }
  });
});
