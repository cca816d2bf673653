import type { CompletionEvent, PlacedCitation } from '../openai.types.js';
import { toAnnotations, toToolCall, toUsage, urlOf, type Envelope } from './chat-completion.response.js';

export interface ChunkOptions {
  envelope: Envelope;
  origin: string;
  includeUsage: boolean;
  /** Adds the frames that only Open WebUI's page understands. */
  webUi: boolean;
}

/** A completion as the chunks of a stream, in the order that clients expect. */
export async function* chunksOf(events: AsyncIterable<CompletionEvent>, { envelope, origin, includeUsage, webUi }: ChunkOptions): AsyncGenerator<object> {
  const head = { ...envelope, object: 'chat.completion.chunk' };
  const usageOfOthers = includeUsage ? { usage: null } : {};
  const chunk = (delta: object, finishReason: string | null = null) => ({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }], ...usageOfOthers });
  let begun = false;
  let calls = 0;
  for await (const event of events) {
    if (!begun) yield chunk({ role: 'assistant', content: '' });
    begun = true;
    if (event.type === 'delta') {
      yield chunk({ content: event.text });
      continue;
    }
    if (event.type !== 'done') {
      yield chunk(event.type === 'reasoning' ? { reasoning_content: event.text } : { tool_calls: [{ index: calls++, ...toToolCall(event.call) }] });
      continue;
    }
    const { citations, finishReason, usage } = event.completion;
    if (citations.length > 0) yield chunk({ annotations: toAnnotations(citations, origin) });
    if (webUi) for (const frame of webUiFrames(citations, origin)) yield { ...head, choices: [], event: frame };
    yield chunk({}, finishReason);
    if (includeUsage) yield { ...head, choices: [], usage: toUsage(usage) };
  }
}

/** One `source` a document, as Open WebUI shows them below the answer, and the state of the work. */
function* webUiFrames(citations: PlacedCitation[], origin: string): Generator<{ type: string; data: object }> {
  const documents = new Map<string, PlacedCitation[]>();
  for (const citation of citations) documents.set(citation.documentId, [...(documents.get(citation.documentId) ?? []), citation]);
  for (const [id, cited] of documents) {
    const [{ title } = { title: '' }] = cited;
    yield {
      type: 'source',
      data: {
        source: { id, name: title, url: cited[0] ? urlOf(cited[0], origin) : '' },
        document: cited.map(({ quote }) => quote),
        metadata: cited.map(({ page }) => ({ source: id, name: title, page })),
        distances: cited.map(({ score }) => score),
      },
    };
  }
  yield { type: 'status', data: { description: documents.size === 1 ? 'Answered from 1 document' : `Answered from ${documents.size} documents`, done: true } };
}
