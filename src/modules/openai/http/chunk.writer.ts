import type { Failure } from '../../../platform/http/http-error.js';
import { toOpenAiError } from '../../../platform/http/openai-error.js';
import type { FrameTemplate, FrameWriter, StreamForm } from '../../../platform/streams/stream-form.js';
import type { Completion, CompletionEvent, PlacedCitation } from '../openai.types.js';
import { toAnnotations, toToolCall, toUsage, urlOf, type Envelope } from './chat-completion.response.js';

export interface ChunkOptions {
  envelope: Envelope;
  origin: string;
  includeUsage: boolean;
  /** Adds the frames that only Open WebUI's page understands. */
  webUi: boolean;
}

/** Stands in a chunk where a template has its text. */
const gap = '\u0001';

/** A completion as the chunks of a stream, in the order that clients expect, and `[DONE]`. */
export class ChunkWriter implements StreamForm<CompletionEvent> {
  readonly templates: readonly FrameTemplate[];
  private readonly head: object;
  private begun = false;
  private calls = 0;

  constructor(private readonly options: ChunkOptions) {
    this.head = { ...options.envelope, object: 'chat.completion.chunk' };
    this.templates = [this.templateOf({ content: gap }), this.templateOf({ reasoning_content: gap })];
  }

  write(event: CompletionEvent, to: FrameWriter): void {
    if (!this.begun) to.frame(this.chunk({ role: 'assistant', content: '' }));
    this.begun = true;
    if (event.type === 'delta') to.text(0, event.text);
    else if (event.type === 'reasoning') to.text(1, event.text);
    else if (event.type === 'tool_call') to.frame(this.chunk({ tool_calls: [{ index: this.calls++, ...toToolCall(event.call) }] }));
    else this.writeEnd(event.completion, to);
  }

  finish(to: FrameWriter): void {
    to.frame('data: [DONE]');
  }

  fail(failure: Failure, _requestId: string, to: FrameWriter): void {
    to.frame(frameOf(toOpenAiError(failure)));
  }

  private writeEnd({ citations, finishReason, usage }: Completion, to: FrameWriter): void {
    const { origin, webUi, includeUsage } = this.options;
    if (citations.length > 0) to.frame(this.chunk({ annotations: toAnnotations(citations, origin) }));
    if (webUi) for (const event of webUiFrames(citations, origin)) to.frame(frameOf({ ...this.head, choices: [], event }));
    to.frame(this.chunk({}, finishReason));
    if (includeUsage) to.frame(frameOf({ ...this.head, choices: [], usage: toUsage(usage) }));
  }

  private chunk(delta: object, finishReason: string | null = null): string {
    const usageOfOthers = this.options.includeUsage ? { usage: null } : {};
    return frameOf({ ...this.head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }], ...usageOfOthers });
  }

  /** @param delta with the gap as one of its texts */
  private templateOf(delta: object): FrameTemplate {
    const [before = '', after = ''] = this.chunk(delta).split(JSON.stringify(gap));
    return { before, after };
  }
}

function frameOf(value: object): string {
  return `data: ${JSON.stringify(value)}`;
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
