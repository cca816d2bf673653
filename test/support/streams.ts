import { setTimeout as delay } from 'node:timers/promises';
import type { Api, Json } from './api.js';
import { question } from './openai-client.js';

/** One frame with data: named events, or OpenAI chunks, whose event is empty and whose last data is `[DONE]`. */
export interface ToldEvent {
  id: string;
  event: string;
  data: Json;
}

export interface Told {
  status: number;
  streamId: string;
  events: ToldEvent[];
  /** The server ended it, not the reader. */
  ended: boolean;
  /** The body of an answer that is no stream. */
  problem: Json;
}

export interface Following {
  lastEventId?: string;
  /** Breaks the connection after so many events; events that came with the last one are dropped. */
  leaveAfter?: number;
  /** Waits before it reads each further part. */
  pauseMs?: number;
  /** Called when the head of the response is there, with what grows as it is read. */
  begun?: (told: Told) => void;
}

/** A question whose answer the scripted engine is told. */
export const scripted = (question: string, script: object): string => `${question} [[script ${JSON.stringify(script)}]]`;

/** The routes that stream, each with a body that asks the scripted engine. */
export const doors = [
  ['/smart-qa/chat', (script: object) => ({ query: scripted(question, script), stream: true })],
  ['/v1/chat/completions', (script: object) => ({ model: 'ai-stack', messages: [{ role: 'user', content: scripted(question, script) }], stream: true, stream_options: { include_usage: true } })],
] as const;

/** Reads a stream as a client does whose connection may break. */
export async function follow(api: Api, path: string, body: object, { lastEventId, leaveAfter = Infinity, pauseMs, begun }: Following = {}): Promise<Told> {
  const leaving = new AbortController();
  const response = await api.open('POST', path, { body, signal: leaving.signal, headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId } });
  const told: Told = { status: response.status, streamId: response.headers.get('x-stream-id') ?? '', events: [], ended: false, problem: undefined };
  if (!response.ok) return { ...told, problem: await response.json() };
  begun?.(told);
  if (leaveAfter === 0) {
    leaving.abort();
    return told;
  }
  const decoder = new TextDecoder();
  let rest = '';
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const frames = (rest + decoder.decode(part.value, { stream: true })).split('\n\n');
    rest = frames.pop() ?? '';
    told.events.push(...frames.filter((frame) => frame.includes('data: ')).map(parse));
    if (told.events.length >= leaveAfter) {
      told.events.length = leaveAfter;
      leaving.abort();
      return told;
    }
    if (pauseMs) await delay(pauseMs);
  }
  return { ...told, ended: true };
}

/** Begins to read a stream. @returns its id, what it has told so far, and what it tells in the end @throws when the answer is no stream */
export async function open(api: Api, path: string, body: object, following: Following = {}): Promise<{ streamId: string; told: Promise<Told>; soFar: Told }> {
  let told: Promise<Told> | undefined;
  const soFar = await new Promise<Told>((resolve, reject) => {
    told = follow(api, path, body, { ...following, begun: resolve });
    told.then(({ problem }) => problem && reject(new Error(JSON.stringify(problem))), reject);
  });
  return { streamId: soFar.streamId, told: told as Promise<Told>, soFar };
}

/** The text that the deltas say. */
export const textOf = ({ events }: Told): string => events.map(({ event, data }) => (event === 'delta' ? data.text : (data.choices?.[0]?.delta?.content ?? ''))).join('');

function parse(frame: string): ToldEvent {
  const field = (name: string) => frame.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
  const data = field('data');
  return { id: field('id'), event: field('event'), data: data === '[DONE]' ? data : JSON.parse(data) };
}

/** Lets some events through, however they are packed, then fails as a lost connection does. */
export function breakingAfter(events: number): TransformStream<Uint8Array, Uint8Array> {
  let left = events;
  return new TransformStream({
    transform: (piece, controller) => {
      // What was let through has been read by now.
      if (left === 0) return controller.error(new TypeError('terminated'));
      const bytes = Buffer.from(piece);
      let end = 0;
      for (let at = bytes.indexOf('\n\n'); at >= 0 && left > 0; at = bytes.indexOf('\n\n', end)) {
        end = at + 2;
        left -= 1;
      }
      controller.enqueue(left === 0 ? bytes.subarray(0, end) : bytes);
    },
  });
}
