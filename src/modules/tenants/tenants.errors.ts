import { AppError } from '#libs/contracts';

/** The owner key cannot be what the operator wants it to be; its message is for the operator, and ends the start. */
export class OwnerKeyError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('tenants.owner_key', 'conflict', message, { cause });
  }
}
