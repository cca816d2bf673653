/** Any value of a jsonb column. Like `unknown`, but in a form that TypeORM's insert and update types take. */
export type JsonValue = NonNullable<unknown> | null | undefined;

/** A JSON object in a jsonb column; takes a `Record<string, unknown>` and gives one. */
export type JsonObject = Record<string, JsonValue>;

/** JSON that a jsonb column takes: without NUL characters, and with halves of surrogate pairs replaced. */
export function storableJson(value: JsonValue): string {
  const json = JSON.stringify(value);
  // A quick look: hardly ever is there anything to do.
  return /\\u(?:0000|d[89a-f])/.test(json) ? JSON.stringify(value, (_name, part: unknown) => (typeof part === 'string' ? storableText(part) : part)) : json;
}

function storableText(text: string): string {
  return Buffer.from(text.replaceAll('\u0000', '')).toString();
}
