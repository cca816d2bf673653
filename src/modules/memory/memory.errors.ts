import { AppError } from '#libs/contracts';

export class MemoryNotFoundError extends AppError {
  constructor(id: string) {
    super('memory.not_found', 'not_found', `There is no memory ${id}.`);
  }
}

export class MemoryEventNotFoundError extends AppError {
  constructor(id: string) {
    super('memory.event_not_found', 'not_found', `There is no event ${id}; events are kept for a day.`);
  }
}
