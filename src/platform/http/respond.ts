import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

interface Operation {
  summary: string;
  description?: string;
  /** Success status; 200 unless told. */
  status?: number;
  /** What the success carries; its schema has an example. */
  body?: z.ZodType;
  /** True when it carries a file, of any media type. */
  download?: boolean;
  /** Answers beside the success that are not a problem document: another success status, or a failure in a form of its own. */
  also?: Record<number, { description: string; body: z.ZodType }>;
  /** Failures of this route alone; what follows from being a route (400, 401, 403, 413, 415, 429, 500, 503) is added to the document. */
  errors?: number[];
  /** The same success as server-sent events, when the request asks for them. */
  stream?: EventStream;
  /** True when the answer may come from the cache: `X-Cache` says so. */
  cached?: boolean;
}

export interface EventStream {
  description: string;
  example: string;
}

/** Where `Respond` leaves the stream for the document; it is no part of the finished document. */
export const streamExtension = 'x-event-stream';

const successes: Record<number, string> = { 200: 'Done', 201: 'Created', 202: 'Accepted; the work goes on', 204: 'Done; there is no body' };

const fileOfAnyType = { '*/*': { schema: { type: 'string', format: 'binary' }, example: 'The bytes of the file' } };

/** Documents one operation: what it does, what it answers, what may go wrong. */
export function Respond({ summary, description, status = 200, body, also = {}, errors = [], stream, cached, download }: Operation) {
  const headers = cached ? { 'X-Cache': { $ref: '#/components/headers/X-Cache' } } : undefined;
  const success = ApiResponse({ status, description: successes[status] ?? 'Success', headers, ...(body ? { standardSchema: body } : {}), ...(download ? { content: fileOfAnyType } : {}) });
  const others = Object.entries(also).map(([code, answer]) => ApiResponse({ status: Number(code), description: answer.description, standardSchema: answer.body }));
  // Without a description of their own: the document refers to the shared response of the status.
  const failures = errors.map((code) => ApiResponse({ status: code }));
  const extensions = stream ? [ApiExtension(streamExtension, stream)] : [];
  return applyDecorators(HttpCode(status), ApiOperation({ summary, description }), success, ...others, ...failures, ...extensions);
}
