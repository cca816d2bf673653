import { describe, expect, it } from 'vitest';
import { EventLog } from './event-log.js';

const entriesOf = (log: EventLog, after: number) => Array.from({ length: log.last - after }, (_, index) => log.entry(after + 1 + index));

describe(EventLog.name, () => {
  it('gives back what was appended, by number, in any script', () => {
    const log = new EventLog(1_000_000);
    const entries = Array.from({ length: 2_000 }, (_, index) => `${['plain', '缓存命中率', '💥', '', 'x'.repeat(300)][index % 5]}${index}`);
    for (const entry of entries) log.append(entry);
    log.close();
    expect(entriesOf(log, 0)).toEqual(entries);
    expect(entriesOf(log, 1_998)).toEqual(entries.slice(1_998));
    expect([log.last, log.bytesAfter(0), log.bytesAfter(2_000)]).toEqual([2_000, Buffer.byteLength(entries.join('')), 0]);
  });

  it('forgets the oldest above its limit and says so; the newest stays whatever its size', () => {
    const log = new EventLog(100);
    for (let number = 1; number <= 50; number++) log.append(`entry ${number}`);
    expect(log.size).toBeLessThanOrEqual(100);
    expect([log.reachesBack(0), log.reachesBack(49), log.last]).toEqual([false, true, 50]);
    expect(entriesOf(log, 48)).toEqual(['entry 49', 'entry 50']);
    log.append('y'.repeat(500));
    expect([log.entry(51).length, log.reachesBack(50), log.reachesBack(49)]).toEqual([500, true, false]);
    log.append('after');
    expect(entriesOf(log, 51)).toEqual(['after']);
  });

  it('counts on from where another one stopped', () => {
    const log = new EventLog(100, 7);
    log.append('eighth');
    expect([log.last, log.entry(8), log.reachesBack(7), log.reachesBack(6), log.bytesAfter(7)]).toEqual([8, 'eighth', true, false, 6]);
  });
});
