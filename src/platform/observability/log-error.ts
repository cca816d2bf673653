/** What an error may say beside its message. Anything else can hold what users wrote: drivers attach statements with their values, rows, whole requests. */
const told = ['code', 'kind', 'severity', 'schema', 'table', 'column', 'constraint', 'status', 'errno', 'syscall', 'address', 'port'];
const longestQuery = 300;
/** Causes below causes, and errors of an AggregateError. */
const deepest = 5;
const mostErrors = 10;

/** An error as the log shows it: type, message, stack, causes, and the facts that name a fault without its data. */
export function toLoggedError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const logged: Record<string, unknown> = { type: error.constructor.name, message: error.message, stack: error.stack };
  const facts = error as Error & { query?: unknown; errors?: unknown };
  for (const name of told) {
    const value: unknown = Reflect.get(facts, name);
    if (typeof value === 'string' || typeof value === 'number') logged[name] = value;
  }
  if (typeof facts.query === 'string') logged.query = facts.query.slice(0, longestQuery);
  if (depth < deepest) {
    if (Array.isArray(facts.errors)) logged.errors = facts.errors.slice(0, mostErrors).map((one) => toLoggedError(one, depth + 1));
    if (facts.cause !== undefined) logged.cause = toLoggedError(facts.cause, depth + 1);
  }
  return logged;
}
