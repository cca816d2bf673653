import { AppError } from '#libs/contracts';

export class StreamNotFoundError extends AppError {
  constructor() {
    super('stream.not_found', 'not_found', 'There is no such stream of yours: it ended some time ago, its caller stayed away too long, or it never was. Ask again.');
  }
}

export class StreamPositionError extends AppError {
  constructor(message: string) {
    super('stream.invalid_position', 'invalid', message, { errors: [{ path: 'Last-Event-ID', message }] });
  }
}

export class TooManyStreamsError extends AppError {
  constructor() {
    super('stream.too_many', 'unavailable', 'This process has as many open streams as it can hold. Try again in a moment.', { retryAfterSeconds: 5 });
  }
}
