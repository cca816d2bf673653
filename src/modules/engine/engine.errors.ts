import { AppError } from '#libs/contracts';

export class ConversationNotFoundError extends AppError {
  constructor(id: string) {
    super('engine.conversation_not_found', 'not_found', `There is no conversation ${id}.`);
  }
}

export class MessageNotFoundError extends AppError {
  constructor(id: string) {
    super('engine.message_not_found', 'not_found', `There is no message ${id}.`);
  }
}

/** The language model cannot be reached or refused; nothing was sent to the caller yet. */
export class EngineUnavailableError extends AppError {
  constructor(reason: string, cause?: unknown) {
    super('engine.unavailable', 'unavailable', `The language model did not answer: ${reason}. Check LLM_BASE_URL, LLM_API_KEY and LLM_MODEL.`, { cause });
  }
}

export class EngineTimeoutError extends AppError {
  constructor(seconds: number, cause?: unknown) {
    super('engine.timeout', 'timeout', `The language model was silent for ${seconds} s (LLM_TIMEOUT_SECONDS).`, { cause });
  }
}

/** The stream ended before the model said it was done: what came so far is not a whole answer. */
export class EngineInterruptedError extends AppError {
  constructor(cause?: unknown) {
    super('engine.interrupted', 'unavailable', 'The language model broke off in the middle of the answer. Ask again.', { cause });
  }
}
