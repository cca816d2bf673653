import { expect } from 'vitest';
import type { Answer } from './api.js';

/** The answer is a complete problem document, which tells nothing of our insides. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ type: `urn:ai-stack:error:${code}`, title: expect.any(String), status, detail: expect.any(String), code, trace_id: answer.headers.get('x-request-id') });
  expect(answer.text).not.toMatch(/node_modules|\.js:\d|\bat .*\(/);
}
