import { describe, expect, it } from 'vitest';
import { nestsDeeper } from './json-depth.js';

const deeper = (json: string, most: number) => nestsDeeper(Buffer.from(json), most);

describe(nestsDeeper, () => {
  it.each([
    ['[[1]]', 2],
    ['{"a":{"b":[]}}', 3],
    ['[[],[],[{}]]', 3],
    ['"[[["', 0],
    ['["[[[\\"[[[","\\\\",[]]', 2],
    [`["${'x'.repeat(40)}\\\\\\"[[",{}]`, 2],
    [`["${'x'.repeat(40)}\\\\",{}]`, 2],
    [`["${'\\\\'.repeat(40)}",{}]`, 2],
    ['"[[', 0],
    ['', 0],
  ])('%s nests no deeper than %i levels', (json, levels) => {
    expect(deeper(json, levels)).toBe(false);
    if (levels > 0) expect(deeper(json, levels - 1)).toBe(true);
  });

  it('takes a few milliseconds for megabytes', () => {
    const long = Buffer.from(JSON.stringify(Array.from({ length: 200_000 }, (_, n) => ({ n: `text ${n}` }))));
    // Of processor time: others use the machine too.
    const times = Array.from({ length: 5 }, () => {
      const begin = process.cpuUsage();
      nestsDeeper(long, 10);
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1_000 / (long.length / 1_000_000);
    });
    expect(Math.min(...times)).toBeLessThan(10);
  });
});
