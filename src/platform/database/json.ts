/** Any value of a jsonb column. Like `unknown`, but in a form that TypeORM's insert and update types take. */
export type JsonValue = NonNullable<unknown> | null | undefined;

/** A JSON object in a jsonb column; takes a `Record<string, unknown>` and gives one. */
export type JsonObject = Record<string, JsonValue>;
