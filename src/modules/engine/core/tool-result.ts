import { countTokens } from '#libs/text';

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
  for (let length = Math.max(0, limit); ; length = Math.floor(length * 0.8)) {
    const cut = JSON.stringify({ notice: notice(whole.length), beginning: whole.slice(0, length).replace(/[\ud800-\udbff]$/, '') });
    if (cut.length <= limit || length === 0) return cut;
  }
}

/** What toolResult() or toolFailure() made, for a model that has room for so many tokens: cut further where it is longer. */
export function fitResult(content: string, maxTokens: number): string {
  const tokens = countTokens(content);
  return tokens <= maxTokens ? content : toolResult(JSON.parse(content), Math.floor((content.length * Math.max(0, maxTokens)) / tokens));
}

/** What the model reads of a call that failed. */
export function toolFailure(code: string, message: string): string {
  return JSON.stringify({ error: { code, message } });
}
