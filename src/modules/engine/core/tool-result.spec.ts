import { describe, expect, it } from 'vitest';
import { toolResult } from './tool-result.js';

describe(toolResult, () => {
  it('is the JSON of what a tool returned, null for nothing', () => {
    expect(toolResult({ a: 1 }, 100)).toBe('{"a":1}');
    expect(toolResult(undefined, 100)).toBe('null');
  });

  it.each([['plain', 'x'.repeat(5_000)], ['full of quotes', '"\\'.repeat(2_500)], ['of emoji', '🙂'.repeat(2_500)], ['of control characters', '\u0001'.repeat(5_000)]])('of a text %s is cut to the limit, says so, and stays JSON', (_kind, text) => {
    const cut = toolResult({ text }, 1_000);
    const { notice, beginning } = JSON.parse(cut) as { notice: string; beginning: string };
    expect(cut.length).toBeLessThanOrEqual(1_000);
    expect(cut.length).toBeGreaterThan(500);
    expect(notice).toContain(`${JSON.stringify({ text }).length} characters`);
    expect(JSON.stringify({ text }).startsWith(beginning)).toBe(true);
    // Throws for half of a surrogate pair.
    expect(encodeURIComponent(beginning)).not.toBe('');
  });
});
