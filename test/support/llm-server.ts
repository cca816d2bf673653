import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { sendFailure, sendJson, startWireServer, type WireServer } from './wire-server.js';

/** What the model does with one request. */
export type LlmStep =
  /** Streams the pieces, waiting before each for so long, or for what `before` says of it; `finish: null` ends the stream without a finish reason. */
  | { kind: 'answer'; pieces: string[]; pauseMs?: number; before?: (piece: number) => Promise<unknown>; finish?: 'stop' | 'length' | null; reasoning?: string }
  /** Asks for tools, all at once, the arguments of each in two pieces. */
  | { kind: 'tools'; calls: LlmCall[]; text?: string }
  | { kind: 'failure'; status: number; message?: string; headers?: Record<string, string> }
  /** Answers with a whole completion, whether a stream was wanted or not. */
  | { kind: 'whole'; text: string }
  /** Destroys the connection before the headers. */
  | { kind: 'refusal' }
  /** Accepts the request and says nothing. */
  | { kind: 'silence' }
  /** Streams the pieces, then destroys the connection. */
  | { kind: 'cut'; pieces: string[] }
  /** Streams the pieces, then says nothing more. */
  | { kind: 'stall'; pieces: string[] }
  /** Keeps the connection alive with comments, as gateways do, and says nothing. */
  | { kind: 'comments' };

export interface LlmCall {
  id: string;
  name: string;
  arguments: string;
}

export interface LlmRequest {
  model: string;
  messages: { role: string; content: string; tool_calls?: { id: string; function: { name: string; arguments: string } }[]; tool_call_id?: string }[];
  stream?: boolean;
  tools?: { function: { name: string } }[];
  [parameter: string]: unknown;
}

/** A language model's HTTP server (OpenAI wire form) whose answers a test writes. */
export interface LlmServer extends WireServer {
  /** Chat requests so far. */
  readonly requests: LlmRequest[];
  /** Chat streams whose client went away before their end. */
  readonly abandoned: { count: number };
  /** What the next requests get, one step each, in place of earlier scripts; afterwards an ordinary answer again. */
  script(...steps: LlmStep[]): void;
}

const ordinary: LlmStep = { kind: 'answer', pieces: ['The passages say so ', '[1].'] };

/** @param otherwise what requests get for which no step is scripted */
export async function startLlmServer(otherwise: (request: LlmRequest) => LlmStep = () => ordinary, port = 0): Promise<LlmServer> {
  const steps: LlmStep[] = [];
  const requests: LlmRequest[] = [];
  const abandoned = { count: 0 };
  const server = await startWireServer(async (path, body, _request, response) => {
    if (path === '/v1/models') return sendJson(response, 200, { object: 'list', data: [{ id: 'scripted', object: 'model' }] });
    requests.push(body as LlmRequest);
    response.once('close', () => {
      if (!response.writableFinished) abandoned.count += 1;
    });
    const step = steps.shift() ?? otherwise(body as LlmRequest);
    if (step.kind === 'answer' && !(body as LlmRequest).stream) return sendJson(response, 200, wholeAnswer(step.pieces));
    await perform(step, response);
  }, port);
  return { ...server, requests, abandoned, script: (...next) => void steps.splice(0, Infinity, ...next) };
}

async function perform(step: LlmStep, response: ServerResponse): Promise<void> {
  if (step.kind === 'silence') return;
  if (step.kind === 'refusal') return void response.destroy();
  if (step.kind === 'failure') return sendFailure(response, step.status, step.message, step.headers);
  if (step.kind === 'whole') return sendJson(response, 200, { ...envelope, object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: step.text }, finish_reason: 'stop' }], usage: { prompt_tokens: 100, completion_tokens: 3, total_tokens: 103 } });
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  if (step.kind === 'tools') return callTools(step, response);
  if (step.kind === 'comments') return comment(response);
  if (step.kind === 'answer' && step.reasoning) response.write(frame({ delta: { reasoning_content: step.reasoning }, finish_reason: null }));
  for (const [number, piece] of step.pieces.entries()) {
    await delay((step.kind === 'answer' && step.pauseMs) || 1);
    if (step.kind === 'answer') await step.before?.(number);
    if (response.destroyed) return;
    response.write(frame({ delta: { content: piece }, finish_reason: null }));
  }
  if (step.kind === 'cut') {
    await delay(20);
    response.destroy();
    return;
  }
  if (step.kind === 'stall') return;
  if (step.finish !== null) response.write(frame({ delta: {}, finish_reason: step.finish ?? 'stop' }));
  end(response, step.pieces.length);
}

async function comment(response: ServerResponse): Promise<void> {
  while (!response.destroyed) {
    response.write(': still at work\n\n');
    await delay(200);
  }
}

function callTools({ calls, text }: Extract<LlmStep, { kind: 'tools' }>, response: ServerResponse): void {
  if (text) response.write(frame({ delta: { content: text }, finish_reason: null }));
  const half = (index: number, { arguments: written }: LlmCall, part: 0 | 1) => ({ index, function: { arguments: part === 0 ? written.slice(0, written.length / 2) : written.slice(written.length / 2) } });
  for (const [index, call] of calls.entries()) {
    const first = half(index, call, 0);
    response.write(frame({ delta: { tool_calls: [{ ...first, id: call.id, type: 'function', function: { ...first.function, name: call.name } }] }, finish_reason: null }));
  }
  for (const [index, call] of calls.entries()) response.write(frame({ delta: { tool_calls: [half(index, call, 1)] }, finish_reason: null }));
  response.write(frame({ delta: {}, finish_reason: 'tool_calls' }));
  end(response, 10);
}

function end(response: ServerResponse, tokens: number): void {
  response.write(`data: ${JSON.stringify({ ...envelope, choices: [], usage: { prompt_tokens: 100, completion_tokens: tokens, total_tokens: 100 + tokens } })}\n\n`);
  response.end('data: [DONE]\n\n');
}

function wholeAnswer(pieces: string[]): object {
  return { ...envelope, object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: pieces.join('') }, finish_reason: 'stop' }] };
}

const envelope = { id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 1, model: 'scripted' };

function frame(choice: object): string {
  return `data: ${JSON.stringify({ ...envelope, choices: [{ index: 0, ...choice }] })}\n\n`;
}
