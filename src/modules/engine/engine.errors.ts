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

/** A request names an engine that is not there. */
export class UnknownEngineError extends AppError {
  constructor(name: string, known: readonly string[]) {
    const names = known.join(', ');
    super('engine.unknown', 'invalid', `There is no engine "${name}"; there is: ${names}.`, { errors: [{ path: 'engine', message: `must be one of: ${names}` }] });
  }
}

/** A path names an engine that is not there. */
export class EngineNotFoundError extends AppError {
  constructor(name: string) {
    super('engine.not_found', 'not_found', `There is no engine "${name}"; GET /v1/engines lists them.`);
  }
}

/** The engine has no part for what the request cannot do without. @param path the field */
export class EngineCannotError extends AppError {
  constructor(engine: string, path: string, what: string) {
    const message = `The engine "${engine}" cannot do this: ${what}. Engines with a language model can (LLM_BASE_URL).`;
    super('engine.cannot', 'invalid', message, { errors: [{ path, message }] });
  }
}

/** The caller, its tenant or this process has as many answers under way as it may. */
export class TooManyAnswersError extends AppError {
  constructor(whose: 'principal' | 'tenant' | 'process', most: number) {
    const who = { principal: 'Your key', tenant: 'Your tenant', process: 'This process' }[whose];
    super('engine.too_many_answers', whose === 'process' ? 'unavailable' : 'limited', `${who} has ${most} answers under way, the most it may have at once. Wait for some of them, or stop them.`, { retryAfterSeconds: 5 });
  }
}

/** A request names tools that are not there. */
export class UnknownToolsError extends AppError {
  constructor(names: readonly string[], known: readonly string[]) {
    const unknown = names.map((name) => `"${name}"`).join(', ');
    super('engine.unknown_tools', 'invalid', `There is no tool ${unknown}; there is: ${known.join(', ')}.`, { errors: [{ path: 'tools', message: `unknown: ${unknown}` }] });
  }
}

/** A path names a tool that is not there. */
export class ToolNotFoundError extends AppError {
  constructor(name: string) {
    super('engine.tool_not_found', 'not_found', `There is no tool "${name}"; GET /v1/tools lists them.`);
  }
}

export class PersonalityNotFoundError extends AppError {
  constructor(id: string) {
    super('engine.personality_not_found', 'not_found', `There is no personality ${id}.`);
  }
}

export class PersonalityExistsError extends AppError {
  constructor(name: string) {
    super('engine.personality_exists', 'conflict', `There is a personality "${name}" already.`);
  }
}

/** The tenant has as many personalities as one can have. */
export class TooManyPersonalitiesError extends AppError {
  constructor(most: number) {
    super('engine.too_many_personalities', 'conflict', `There are ${most} personalities already, the most of one tenant. Delete one that is not used.`);
  }
}
