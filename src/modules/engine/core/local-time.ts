export interface LocalTime {
  /** RFC 3339 with the offset of the zone, to the second. */
  time: string;
  time_zone: string;
  weekday: string;
}

/**
 * What clocks and calendars show in a time zone.
 * @param zone IANA name
 * @throws RangeError when there is no such zone
 * @example localTime(new Date('2026-11-22T02:00:00Z'), 'Asia/Shanghai') // { time: '2026-11-22T10:00:00+08:00', time_zone: 'Asia/Shanghai', weekday: 'Sunday' }
 */
export function localTime(at: Date, zone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', weekday: 'long', timeZoneName: 'longOffset',
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value])) as Record<Intl.DateTimeFormatPartTypes, string>;
  const offset = part.timeZoneName.slice('GMT'.length) || '+00:00';
  return { time: `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`, time_zone: format.resolvedOptions().timeZone, weekday: part.weekday };
}
