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

/** So many turns wait to be learnt from that no more are taken in. */
export class MemoryQueueFullError extends AppError {
  constructor() {
    super('memory.queue_full', 'unavailable', 'Too many turns wait to be learnt from; nothing will be remembered of this one.');
  }
}
