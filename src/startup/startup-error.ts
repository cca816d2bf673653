/** A fault that the operator can mend: shown as one clear message without a stack, and the process ends with 1. */
export class StartupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StartupError';
  }
}

/** Names of errors whose message is written for the operator. */
const forOperators = new Set(['StartupError', 'ConfigError', 'EmbeddedPostgresError', 'DatabaseUnreachableError', 'MigrationFailedError', 'MigrationsFailedError', 'OwnerKeyError', 'EmbeddingStartError']);

/** What the operator reads when the start fails. */
export function explainStartFailure(error: unknown, host: string, port: number): string {
  if (!(error instanceof Error)) return `AI Stack could not start: ${String(error)}`;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') return `AI Stack could not start: port ${port} on ${host} is in use. Stop what uses it, or set PORT to a free one (PORT=3001 npm start).`;
  if (code === 'EACCES' && 'syscall' in error && error.syscall === 'listen') return `AI Stack could not start: this user may not listen on port ${port}. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `AI Stack could not start: ${host} is no address of this machine. Set HOST to one that is (127.0.0.1, 0.0.0.0).`;
  return `AI Stack could not start: ${forOperators.has(error.name) ? error.message : (error.stack ?? error.message)}`;
}
