import { describe, expect, it } from 'vitest';
import { countTokens } from '#libs/text';
import { fitResult, toolFailure, toolResult } from './tool-result.js';

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

describe(fitResult, () => {
  it.each([['English', 'The ferry leaves at noon. '.repeat(300)], ['Chinese', '渡轮中午出发。'.repeat(1_000)]])('cuts %s to the tokens that are left, and leaves alone what fits', (_language, text) => {
    const content = toolResult({ text }, 16_384);
    const fitted = fitResult(content, 500);
    expect(countTokens(fitted)).toBeLessThanOrEqual(550);
    expect(JSON.parse(fitted)).toMatchObject({ notice: expect.stringContaining('only its beginning') });
    expect(fitResult(content, 100_000)).toBe(content);
    expect(fitResult(toolFailure('tool.timeout', 'Late.'), 50)).toBe('{"error":{"code":"tool.timeout","message":"Late."}}');
    for (const none of [0, -100]) expect(JSON.parse(fitResult(content, none))).toMatchObject({ beginning: '' });
  });
});
