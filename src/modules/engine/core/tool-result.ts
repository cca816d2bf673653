const notice = (length: number) => `The result has ${length} characters of JSON, more than fit; only its beginning follows, cut off in the middle. Ask for less of it.`;

/**
 * A tool's result as JSON of at most `limit` characters. What is longer is cut, and says so in a form that a model understands:
 * `{"notice": …, "beginning": …}`, still valid JSON.
 * @throws TypeError for what JSON cannot carry
 */
export function toolResult(value: unknown, limit: number): string {
  const whole = JSON.stringify(value) ?? 'null';
  if (whole.length <= limit) return whole;
  // Quotes inside of the beginning are escaped once more: shorten it until all fits.
  for (let length = limit; ; length = Math.floor(length * 0.8)) {
    const cut = JSON.stringify({ notice: notice(whole.length), beginning: whole.slice(0, length).replace(/[\ud800-\udbff]$/, '') });
    if (cut.length <= limit || length === 0) return cut;
  }
}

/** What the model reads of a call that failed. */
export function toolFailure(code: string, message: string): string {
  return JSON.stringify({ error: { code, message } });
}
