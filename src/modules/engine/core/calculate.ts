import { Decimal } from 'decimal.js';

/** 34 significant digits: sums of money and 64-bit integers come out exactly. What would need an exponent above 300 is refused. */
const Precise = Decimal.clone({ precision: 34, maxE: 300, minE: -300, toExpPos: 40, toExpNeg: -20, rounding: Decimal.ROUND_HALF_UP });
/** The last digits of a chain of divisions and roots are noise: `1 / 3 * 3` is 1. */
const shownDigits = 30;
const largestExponent = 10_000;
export const longestExpression = 500;

/** The expression cannot be calculated; the message says why, and where. */
export class CalculationError extends Error {}

type Values = [Decimal, ...Decimal[]];

const exact = (of: (x: Decimal) => Decimal) => ({ most: 1, of: ([x]: Values) => of(x) });
/** What has no exact result anyway is calculated with the processor's 15 digits: to 34 they would take milliseconds. */
const rounded = (of: (x: number) => number) => exact((x) => new Precise(of(x.toNumber())).toSignificantDigits(15));
const angle = (of: (x: number) => number) => exact((x) => new Precise(of(x.toNumber())).toDecimalPlaces(15));

const functions: Record<string, { most: number; of: (values: Values) => Decimal }> = {
  abs: exact((x) => x.abs()),
  ceil: exact((x) => x.ceil()),
  floor: exact((x) => x.floor()),
  trunc: exact((x) => x.trunc()),
  /** `round(x, digits)`, half away from zero. */
  round: { most: 2, of: ([x, digits]) => x.toDecimalPlaces(digitsOf(digits)) },
  sqrt: exact(squareRoot),
  cbrt: rounded(Math.cbrt),
  exp: rounded(Math.exp),
  ln: rounded(Math.log),
  /** `log(x, base)`, of 10 unless told. */
  log: { most: 2, of: ([x, base]) => new Precise(base ? Math.log(x.toNumber()) / Math.log(base.toNumber()) : Math.log10(x.toNumber())).toSignificantDigits(15) },
  sin: angle(Math.sin),
  cos: angle(Math.cos),
  tan: angle(Math.tan),
  min: { most: Infinity, of: (values) => Precise.min(...values) },
  max: { most: Infinity, of: (values) => Precise.max(...values) },
};
const constants: Record<string, Decimal> = { pi: new Precise('3.141592653589793238462643383279503'), e: new Precise('2.718281828459045235360287471352662') };
export const functionNames = Object.keys(functions);

/**
 * Calculates `+ - * / % ^`, parentheses, functions and the constants pi and e, in decimals. `%` is the remainder.
 * @returns digits, at most 30 significant ones
 * @throws CalculationError
 * @example calculate('19.99 * 3') === '59.97'
 */
export function calculate(expression: string): string {
  if (expression.length > longestExpression) throw new CalculationError(`The expression is longer than ${longestExpression} characters`);
  return new Calculation(expression).result();
}

/** Reads the expression once, from left to right, and calculates as it reads. */
class Calculation {
  private at = 0;

  constructor(private readonly text: string) {}

  result(): string {
    const value = this.sum();
    if (this.peek() !== '') throw this.unexpected();
    return value.toSignificantDigits(shownDigits).toString();
  }

  private sum(): Decimal {
    let value = this.product();
    for (let sign = this.take(/[+\-−]/y); sign; sign = this.take(/[+\-−]/y)) value = sign === '+' ? this.finite(value.plus(this.product())) : this.finite(value.minus(this.product()));
    return value;
  }

  private product(): Decimal {
    let value = this.signed();
    for (let sign = this.take(/\*(?!\*)|[×·/÷%]/y); sign; sign = this.take(/\*(?!\*)|[×·/÷%]/y)) {
      const other = this.signed();
      if ('/÷%'.includes(sign) && other.isZero()) throw new CalculationError('Division by zero');
      value = this.finite('/÷'.includes(sign) ? value.div(other) : sign === '%' ? value.mod(other) : value.times(other));
    }
    return value;
  }

  /** A sign binds weaker than a power: -2^2 is -4. */
  private signed(): Decimal {
    const sign = this.take(/[+\-−]/y);
    if (!sign) return this.power();
    return sign === '+' ? this.signed() : this.signed().neg();
  }

  private power(): Decimal {
    const base = this.atom();
    if (!this.take(/\^|\*\*/y)) return base;
    const exponent = this.signed();
    if (exponent.isInteger() && exponent.abs().lte(largestExponent)) return this.finite(base.pow(exponent));
    return this.finite(new Precise(base.toNumber() ** exponent.toNumber()).toSignificantDigits(15));
  }

  private atom(): Decimal {
    const digits = this.take(/(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?/iy);
    if (digits) return this.finite(new Precise(digits));
    if (this.take(/\(/y)) return this.closed(this.sum());
    const name = this.take(/[a-z]+\d*/iy)?.toLowerCase();
    if (!name) throw this.unexpected();
    if (Object.hasOwn(constants, name)) return constants[name] as Decimal;
    return this.call(name);
  }

  private call(name: string): Decimal {
    const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!called) throw new CalculationError(`There is no "${name}"; there is: ${[...functionNames, ...Object.keys(constants)].join(', ')}`);
    if (!this.take(/\(/y)) throw this.unexpected();
    const values: Values = [this.sum()];
    while (this.take(/,/y)) values.push(this.sum());
    if (values.length > called.most) throw new CalculationError(`${name} takes at most ${called.most} numbers`);
    this.closed(values[0]);
    return this.finite(called.of(values));
  }

  private closed(value: Decimal): Decimal {
    if (!this.take(/\)/y)) throw this.unexpected();
    return value;
  }

  private finite(value: Decimal): Decimal {
    if (value.isNaN()) throw new CalculationError('The result is no real number');
    if (!value.isFinite()) throw new CalculationError('The result is too large');
    return value;
  }

  private take(pattern: RegExp): string | undefined {
    this.peek();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** What comes next after spaces; '' at the end. */
  private peek(): string {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    return this.text[this.at] ?? '';
  }

  private unexpected(): CalculationError {
    const next = this.peek();
    return new CalculationError(next === '' ? 'The expression ends too early' : `"${next}" at character ${this.at + 1} was not expected`);
  }
}

/** One step of Newton's method doubles the processor's digits; decimal.js would take ten times as long. */
function squareRoot(x: Decimal): Decimal {
  const near = new Precise(Math.sqrt(x.toNumber()));
  return near.isZero() || near.isNaN() ? near : near.plus(x.div(near)).div(2);
}

function digitsOf(digits: Decimal | undefined): number {
  const wanted = digits?.toNumber() ?? 0;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > shownDigits) throw new CalculationError(`round takes 0 to ${shownDigits} digits`);
  return wanted;
}
