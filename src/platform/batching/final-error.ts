import { AppError } from '#libs/contracts';

/** SQLSTATE classes that trying again does not cure: wrong data, a broken constraint, no such schema or table. */
const finalClasses = ['22', '23', '3F', '42'];

/** True when writing the same rows again cannot succeed. */
export function isFinalError(error: unknown): boolean {
  if (error instanceof AppError) return error.kind === 'not_found' || error.kind === 'invalid';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.length === 5 && finalClasses.includes(code.slice(0, 2));
}
