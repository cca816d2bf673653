import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { toLoggedError } from './log-error.js';

/** JSON lines on stdout; what users wrote, keys and cookies never appear. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (error: unknown) => toLoggedError(error) },
  });
}

/** What the framework says of every module and route at each start. */
const chatter = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'WebSocketsController']);

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

/** Nest's logger on pino: `logger.log(object, text)` and `logger.log(text)` both become one line. */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log = this.writer('info');
  error = this.writer('error');
  warn = this.writer('warn');
  debug = this.writer('debug');
  verbose = this.writer('trace');
  fatal = this.writer('fatal');

  private writer(wanted: Level) {
    return (message: unknown, ...rest: unknown[]): void => {
      const context = typeof rest.at(-1) === 'string' ? String(rest.at(-1)) : undefined;
      const level = wanted === 'info' && context !== undefined && chatter.has(context) ? 'debug' : wanted;
      const text = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
      if (message instanceof Error) this.pino[level]({ err: message, context }, message.message);
      else if (typeof message === 'object' && message !== null) this.pino[level]({ ...message, context }, text);
      else this.pino[level]({ context, ...(level === 'error' && text ? { stack: text } : {}) }, String(message));
    };
  }
}
