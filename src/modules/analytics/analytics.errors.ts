import { AppError } from '#libs/contracts';

/** The window of time that was asked for makes no sense, or is too wide. */
export class InvalidWindowError extends AppError {
  constructor(path: string, message: string) {
    super('analytics.invalid_window', 'invalid', `The window is not usable: ${path} ${message}.`, { errors: [{ path, message }] });
  }
}
