import { AppError } from '#libs/contracts';

// Callers know them as failures of the engine that the model writes for.

/** The language model cannot be reached or refused; nothing was sent to the caller yet. */
export class ModelUnavailableError extends AppError {
  constructor(reason: string, cause?: unknown) {
    super('engine.unavailable', 'unavailable', `The language model did not answer: ${reason}. Check LLM_BASE_URL, LLM_API_KEY and LLM_MODEL.`, { cause });
  }
}

/** The model's server does not take this request; another attempt would not help, and other requests are not concerned. */
export class ModelRejectedError extends AppError {
  constructor(reason: string, cause?: unknown) {
    super('engine.rejected', 'invalid', `The language model does not take this request: ${reason.slice(0, 1_000)}`, { cause });
  }
}

export class ModelTimeoutError extends AppError {
  constructor(seconds: number, cause?: unknown) {
    super('engine.timeout', 'timeout', `The language model was silent for ${seconds} s (LLM_TIMEOUT_SECONDS).`, { cause });
  }
}

/** The stream ended before the model said it was done: what came so far is not a whole answer. */
export class ModelInterruptedError extends AppError {
  constructor(cause?: unknown) {
    super('engine.interrupted', 'unavailable', 'The language model broke off in the middle of the answer. Ask again.', { cause });
  }
}
