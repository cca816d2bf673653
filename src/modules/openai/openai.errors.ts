import { AppError } from '#libs/contracts';

export class ModelNotFoundError extends AppError {
  constructor(model: string) {
    super('openai.model_not_found', 'not_found', `There is no model "${model.slice(0, 100)}". GET /v1/models lists them: ai-stack, engine:<engine> and rag:<collection>.`, {
      errors: [{ path: 'model', message: 'must be one of GET /v1/models' }],
    });
  }
}

export class EmbeddingModelNotFoundError extends AppError {
  constructor(model: string, own: string) {
    super('openai.model_not_found', 'not_found', `There is no embedding model "${model.slice(0, 100)}" here; there is "${own}".`, { errors: [{ path: 'model', message: `must be ${own}` }] });
  }
}

/** Asked for right, but nothing that this server does. @param path the field, dots go deeper */
export class UnsupportedParameterError extends AppError {
  constructor(path: string, message: string) {
    super('openai.unsupported_parameter', 'invalid', message, { errors: [{ path, message }] });
  }
}

/** A value within its type that this server cannot work with. */
export class InvalidParameterError extends AppError {
  constructor(path: string, message: string) {
    super('openai.invalid_parameter', 'invalid', message, { errors: [{ path, message }] });
  }
}
