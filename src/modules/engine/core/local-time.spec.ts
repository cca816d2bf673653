import { describe, expect, it } from 'vitest';
import { localTime } from './local-time.js';

describe(localTime, () => {
  it.each([
    ['2026-11-22T02:00:00Z', 'UTC', '2026-11-22T02:00:00+00:00', 'Sunday'],
    ['2026-11-22T02:00:00Z', 'Asia/Shanghai', '2026-11-22T10:00:00+08:00', 'Sunday'],
    ['2026-11-22T02:00:59Z', 'America/St_Johns', '2026-11-21T22:30:59-03:30', 'Saturday'],
    // Both sides of the change from summer time, and midnight.
    ['2026-10-25T00:59:59Z', 'Europe/Berlin', '2026-10-25T02:59:59+02:00', 'Sunday'],
    ['2026-10-25T01:00:00Z', 'Europe/Berlin', '2026-10-25T02:00:00+01:00', 'Sunday'],
    ['2026-07-31T22:00:00Z', 'europe/berlin', '2026-08-01T00:00:00+02:00', 'Saturday'],
  ])('%s in %s is %s', (at, zone, time, weekday) => {
    expect(localTime(new Date(at), zone)).toMatchObject({ time, weekday });
    expect(new Date(time).getTime()).toBe(new Date(at).getTime());
  });

  it('knows no zone that is none', () => expect(() => localTime(new Date(), 'Mars/Olympus')).toThrow(RangeError));
});
