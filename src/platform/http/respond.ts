import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    trace_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', example: { type: 'urn:ai-stack:error:rag.document_not_found', title: 'Not Found', status: 404, detail: 'There is no document 0193….', code: 'rag.document_not_found', trace_id: 'b7c1…' } });

interface Operation {
  summary: string;
  description?: string;
  /** Success status; 200 unless told. */
  status?: number;
  body?: z.ZodType;
  /** Statuses besides the usual 400, 401, 403, 429 and 500. */
  errors?: number[];
  /** Media type of the success body when it is not JSON. */
  produces?: string;
}

const meanings: Record<number, string> = {
  400: 'The request is not valid; `errors` names each fault.',
  401: 'No key, or a key that is not (or no longer) valid.',
  403: 'The key lacks the permission.',
  404: 'Not there, or not yours.',
  409: 'It contradicts what is there.',
  413: 'Too large.',
  415: 'This kind of content is not supported.',
  422: 'Understood, but it cannot be done.',
  429: 'Too many requests; `Retry-After` says when.',
  500: 'A fault of ours; the log has it under the `trace_id`.',
  503: 'A part that is needed is down; try again.',
};

/** Documents one operation: what it does, what it answers, what may go wrong. */
export function Respond({ summary, description, status = 200, body, errors = [], produces }: Operation) {
  const success = produces
    ? ApiResponse({ status, description: 'Success', content: { [produces]: { schema: { type: 'string' } } } })
    : ApiResponse({ status, description: 'Success', ...(body ? { standardSchema: body } : {}) });
  const failures = [400, 401, 403, 429, 500, ...errors].map((code) =>
    ApiResponse({ status: code, description: meanings[code] ?? 'Error', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } }),
  );
  return applyDecorators(HttpCode(status), ApiOperation({ summary, description }), success, ...failures);
}

export const problemSchema = problem;
