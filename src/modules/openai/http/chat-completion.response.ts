import { z } from 'zod';
import type { EngineUsage, ToolCall } from '../../engine/engine.types.js';
import type { Completion, PlacedCitation } from '../openai.types.js';

const annotation = z.object({
  type: z.literal('url_citation'),
  url_citation: z.object({
    url: z.string().describe('Where the document came from, when it was added with an http address; else its content here'),
    title: z.string(),
    start_index: z.int().describe('Where the marker stands in the answer as you have it, in UTF-16 code units: `[n]`, in a stream also as the model wrote it (`[1, 2]`)'),
    end_index: z.int(),
  }),
  source: z
    .object({ doc_id: z.uuid(), chunk_id: z.uuid(), page: z.int().nullable(), start: z.int(), end: z.int(), quote: z.string().describe('Exactly content.slice(start, end) of the document') })
    .describe('Our addition: what the citation stands on'),
});

const callShape = z.object({ id: z.string(), type: z.literal('function'), function: z.object({ name: z.string(), arguments: z.string().describe('JSON as the model wrote it') }) });

const usageShape = z
  .object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
  .describe('As the language model counted, over all it wrote for the answer; without one estimated from the messages and the answer');

const answerExample = 'The cache hit rate must stay above seventy percent. [1]';
const annotationExample = {
  type: 'url_citation' as const,
  url_citation: { url: 'https://wiki.example.com/targets', title: 'Operating targets', start_index: 52, end_index: 55 },
  source: { doc_id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', chunk_id: '019aa4c5-8a52-7c3e-9f34-0242ac120003', page: null, start: 0, end: 51, quote: 'The cache hit rate must stay above seventy percent.' },
};
const usageExample = { prompt_tokens: 8, completion_tokens: 13, total_tokens: 21 };
const envelopeExample = { id: 'chatcmpl-019aa4c58a527c3e9f340242ac120007', created: 1_795_305_600, model: 'ai-stack' };

export const completionResponse = z
  .object({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int().describe('Seconds since 1970'),
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.int(),
        message: z.object({ role: z.literal('assistant'), content: z.string().nullable().describe('Null when there is nothing but calls of tools'), tool_calls: z.array(callShape).optional(), refusal: z.string().nullable(), annotations: z.array(annotation) }),
        logprobs: z.string().nullable(),
        finish_reason: z.enum(['stop', 'length', 'tool_calls']),
      }),
    ),
    usage: usageShape,
  })
  .meta({
    id: 'ChatCompletion',
    example: {
      ...envelopeExample,
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: answerExample, refusal: null, annotations: [annotationExample] }, logprobs: null, finish_reason: 'stop' }],
      usage: usageExample,
    },
  });

const chunkExample = (delta: object, finish_reason: string | null = null) => ({ ...envelopeExample, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason }] });

export const completionStream = {
  description:
    'With `stream: true`: chunks; the first delta has the role, `reasoning_content` is what the model thinks aloud, `tool_calls` come whole, each with its `index`; the last delta but the end has the `annotations`, the last chunk the `finish_reason`; with `stream_options.include_usage` one more with the usage; then `[DONE]`. ' +
    'A failure in the middle is `data: {"error": …}` and the end. Each chunk has an `id:` line: the same request with the last one as `Last-Event-ID` goes on after it when the connection broke. Lines that begin with a colon keep the connection alive.',
  example: [
    ...[chunkExample({ role: 'assistant', content: '' }), chunkExample({ content: answerExample }), chunkExample({ annotations: [annotationExample] }), chunkExample({}, 'stop')].map((chunk) => JSON.stringify(chunk)),
    '[DONE]',
  ]
    .map((data, index) => `id: 019aa4c5-8a52-7c3e-9f34-0242ac120007.${index + 1}\ndata: ${data}\n\n`)
    .join(''),
};

/** What all objects of one completion share. */
export interface Envelope {
  id: string;
  created: number;
  model: string;
}

/** @param origin of this server as the caller sees it, like `http://127.0.0.1:3000` */
export function toCompletionResponse(envelope: Envelope, { text, citations, finishReason, toolCalls, usage }: Completion, origin: string): z.infer<typeof completionResponse> {
  const calls = toolCalls.length > 0 ? { tool_calls: toolCalls.map(toToolCall) } : {};
  const message = { role: 'assistant' as const, content: text === '' && toolCalls.length > 0 ? null : text, ...calls, refusal: null, annotations: toAnnotations(citations, origin) };
  return { ...envelope, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }], usage: toUsage(usage) };
}

export function toToolCall({ id, name, arguments: written }: ToolCall): z.infer<typeof callShape> {
  return { id, type: 'function', function: { name, arguments: written } };
}

export function toAnnotations(citations: PlacedCitation[], origin: string): z.infer<typeof annotation>[] {
  return citations.map((citation) => {
    const { title, markerStart, markerEnd, documentId, chunkId, page, start, end, quote } = citation;
    return {
      type: 'url_citation',
      url_citation: { url: urlOf(citation, origin), title, start_index: markerStart, end_index: markerEnd },
      source: { doc_id: documentId, chunk_id: chunkId, page, start, end, quote },
    };
  });
}

export function urlOf({ sourceUrl, documentId }: PlacedCitation, origin: string): string {
  return sourceUrl ?? `${origin}/rag/documents/${documentId}/content`;
}

export function toUsage({ promptTokens, completionTokens }: EngineUsage): z.infer<typeof usageShape> {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens };
}
