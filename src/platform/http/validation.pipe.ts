import { StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError } from '#libs/contracts';

const mostFaults = 50;

/** Checks what a route declared with `@Body({ schema })`, `@Query({ schema })`, `@Param({ schema })`. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const errors = issues.slice(0, mostFaults).map((issue) => ({
        path: (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
        message: issue.message,
      }));
      const first = errors[0];
      const detail = `The request is not valid: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'wrong shape'}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
      return new AppError('http.invalid_request', 'invalid', detail, { errors });
    },
  });
}
