/** What went wrong, for programs; the message is for people. */
export type EmbeddedPostgresErrorCode =
  | 'unsupported-platform'
  | 'binaries-missing'
  | 'binaries-broken'
  | 'no-account'
  | 'directory-unwritable'
  | 'directory-foreign'
  | 'disk-full'
  | 'version-mismatch'
  | 'not-a-cluster'
  | 'credentials-unusable'
  | 'initialisation-failed'
  | 'start-failed'
  | 'start-timeout'
  | 'in-use-elsewhere'
  | 'locked'
  | 'stop-failed';

/**
 * The only error this folder throws on purpose. Its message says what happened, why, and what to do,
 * so that it can be printed as it is.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The `code` of a Node.js system error (`EACCES`, `ENOENT` …), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** A one-line text of any thrown value. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Turns a failed file operation on the database directory into the error a person can act on. */
export function directoryError(action: string, path: string, error: unknown): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  const code = systemErrorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EmbeddedPostgresError(
      'disk-full',
      `Could not ${action} ${path}: no space is left there. Free some space (about 200 MB are needed to begin with) or choose another data directory.`,
      { cause: error },
    );
  }
  const why =
    code === 'EROFS'
      ? 'the file system is read-only'
      : code === 'EACCES' || code === 'EPERM'
        ? `permission denied (user number ${process.getuid?.() ?? 'unknown'})`
        : code === 'ENOTDIR' || code === 'EEXIST'
          ? 'a file is in the way'
          : textOf(error);
  return new EmbeddedPostgresError(
    'directory-unwritable',
    `Could not ${action} ${path}: ${why}. Give the user that runs AI Stack write permission there, or choose another data directory.`,
    { cause: error },
  );
}
