import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { AppError, type ErrorKind, type FieldFault } from '#libs/contracts';

const statusOfKind: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  unprocessable: 422,
  limited: 429,
  internal: 500,
  unavailable: 503,
  timeout: 504,
};

/** RFC 9457, with our stable `code` and the request id as `trace_id`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  trace_id: string;
  errors?: FieldFault[];
  /** The code of OAuth 2, where its clients ask. */
  error?: string;
}

export interface Failure {
  status: number;
  code: string;
  detail: string;
  errors?: FieldFault[];
  retryAfterSeconds?: number;
  /** True when the failure is ours and must be logged with its stack. */
  unexpected: boolean;
}

const ourFault = 'Something went wrong on our side. The server log has the cause under this trace_id.';

/** Anything thrown anywhere, as what the caller may know of it. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) {
    const { errors, retryAfterSeconds } = error.details;
    const unexpected = error.kind === 'internal';
    return { status: statusOfKind[error.kind], code: error.code, detail: unexpected ? ourFault : error.message, errors, retryAfterSeconds, unexpected };
  }
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error.message);
  const status = statusOfFastifyError(error);
  if (status) return fromStatus(status, (error as Error).message);
  return { status: 500, code: 'http.internal', detail: ourFault, unexpected: true };
}

export function toProblem(failure: Failure, traceId: string): Problem {
  return {
    type: `urn:ai-stack:error:${failure.code}`,
    title: STATUS_CODES[failure.status] ?? 'Error',
    status: failure.status,
    detail: failure.detail,
    code: failure.code,
    trace_id: traceId,
    ...(failure.errors ? { errors: failure.errors } : {}),
  };
}

const codeOfStatus: Record<number, string> = {
  400: 'http.bad_request',
  404: 'http.no_route',
  405: 'http.method_not_allowed',
  406: 'http.not_acceptable',
  408: 'http.request_timeout',
  413: 'http.too_large',
  414: 'http.uri_too_long',
  415: 'http.unsupported_media_type',
  429: 'http.rate_limited',
  503: 'http.unavailable',
};

function fromStatus(status: number, detail: string): Failure {
  return { status, code: codeOfStatus[status] ?? `http.status_${status}`, detail, unexpected: status >= 500 && status !== 503 };
}

function statusOfFastifyError(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = Number(error.statusCode);
  return status >= 400 && status < 600 ? status : undefined;
}
