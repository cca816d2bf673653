import { describe, expect, it } from 'vitest';
import { calculate, CalculationError, longestExpression } from './calculate.js';

describe(calculate, () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['0.1 + 0.2', '0.3'],
    ['19.99 * 3', '59.97'],
    ['10 - 4 - 3', '3'],
    ['100 / 8 / 2', '6.25'],
    ['1 / 3 * 3', '1'],
    ['-2 ^ 2', '-4'],
    ['(-2) ^ 2', '4'],
    ['2 ^ 3 ^ 2', '512'],
    ['2 ** -2', '0.25'],
    ['2^64 - 1', '18446744073709551615'],
    ['9007199254740993 * 3', '27021597764222979'],
    ['7 % 3 + .5', '1.5'],
    ['- - 3', '3'],
    ['6 × 7 ÷ 2 − 1', '20'],
    ['1.5e3 + 1E-2', '1500.01'],
    ['round(2.5) + round(-2.345, 2)', '0.65'],
    ['sqrt(2) ^ 2', '2'],
    ['sqrt(2)', '1.41421356237309504880168872421'],
    ['sqrt(0) + sqrt(1e-200) * 1e100 + sqrt(15241578753238836750495351562536198787501905199875019052100)', '123456789012345678901234567891'],
    ['MAX(1, 2, min(9, 8)) + abs(-1)', '9'],
    ['log(1000) + log(8, 2) + ln(e)', '7'],
    ['sin(pi / 2) + cos(0) + tan(pi)', '2'],
    ['2 ^ 0.5', '1.4142135623731'],
    ['1000 * (1 + 0.05 / 12) ^ 120', '1647.00949769028303418567365431'],
  ])('%s is %s', (expression, result) => {
    expect(calculate(expression)).toBe(result);
  });

  it.each([
    ['', 'ends too early'],
    ['1 +', 'ends too early'],
    ['(1', 'ends too early'],
    ['1 2', '"2" at character 3'],
    ['2(3)', '"(" at character 2'],
    ['1,000', '"," at character 2'],
    ['5 / 0', 'Division by zero'],
    ['sqrt(-1)', 'no real number'],
    ['ln(0)', 'too large'],
    ['10 ^ 400', 'too large'],
    ['9^9^9^9', 'too large'],
    ['1e9999', 'too large'],
    ['0 ^ -1', 'too large'],
    ['(-8) ^ (1 / 3)', 'no real number'],
    ['sqrt(1, 2)', 'at most 1'],
    ['round(1, 0.5)', '0 to 30 digits'],
    ['steam(1)', 'There is no "steam"'],
    ['constructor(1)', 'There is no "constructor"'],
    ['__proto__', 'not expected'],
    ['process.exit()', 'There is no "process"'],
    ['1'.repeat(longestExpression + 1), 'longer than'],
  ])('refuses %s', (expression, word) => {
    expect(() => calculate(expression)).toThrow(CalculationError);
    expect(() => calculate(expression)).toThrow(word);
  });

  it('takes less than 5 ms for the worst that it accepts', () => {
    const powers = Array.from({ length: 22 }, (_, n) => `1.000${n}1234567^9${n}99`).join('+');
    const deep = `${'('.repeat(249)}1${')'.repeat(249)}`;
    const functions = Array.from({ length: 13 }, (_, n) => `sqrt(exp(${n}.12345)*abs(tan(${n}.9)))`).join('+');
    for (const worst of [powers, deep, functions, `${'1+'.repeat(249)}1`]) {
      // The best of some: others use the processor too.
      const times = Array.from({ length: 10 }, () => {
        const startedAt = performance.now();
        calculate(worst);
        return performance.now() - startedAt;
      });
      expect(Math.min(...times), worst).toBeLessThan(5);
    }
  });
});
