import { createParser } from 'eventsource-parser';
import type { ModelUsage, ToolCall } from './language-model.types.js';

/** Characters of one event, and of all that a model writes in one go: beyond it the stream counts as broken. */
const longestEvent = 1_000_000;
const longestAnswer = 4_000_000;
const mostCalls = 128;
/** More tokens than any model reads or writes in one go. */
const mostTokens = 100_000_000;

/** What came since the last look, several tokens as one piece. */
export type ModelPiece = { type: 'delta'; text: string } | { type: 'reasoning'; text: string };

/** What a model wrote in one go. */
export interface Written {
  /** As the model named it (`stop`, `length`, `tool_calls` …); undefined while it writes. */
  finish: string | undefined;
  toolCalls: ToolCall[];
  usage: ModelUsage | undefined;
}

/** A chunk as servers really send it: any part may be absent. */
interface Chunk {
  choices?: { delta?: Delta | null; finish_reason?: string | null }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
  error?: { message?: string } | string;
}

interface Delta {
  content?: string | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: CallDelta[] | null;
}

interface CallDelta {
  index?: number;
  id?: string | null;
  function?: { name?: string | null; arguments?: string | null } | null;
}

/** Reads a stream of chat completion chunks, packet by packet. */
export class ModelStream {
  readonly written: Written = { finish: undefined, toolCalls: [], usage: undefined };
  /** `[DONE]` came: nothing follows. */
  ended = false;
  /** Something of the answer came. */
  begun = false;
  /** Grows with everything that the model says: text, thoughts, calls, usage, the end. */
  progress = 0;
  private text = '';
  private reasoning = '';
  private length = 0;
  private readonly calls = new Map<number, ToolCall>();
  private readonly decoder = new TextDecoder();
  private readonly parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ data }) => this.read(data),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error;
    },
  });

  /** @returns what the packet holds of the answer. @throws when it is no such stream, or tells an error */
  feed(bytes: Uint8Array): ModelPiece[] {
    this.parser.feed(this.decoder.decode(bytes, { stream: true }));
    return this.pieces();
  }

  /** The whole answer of a server that does not stream. @throws as feed() */
  feedWhole(json: string): ModelPiece[] {
    const { choices, ...rest } = JSON.parse(json) as Omit<Chunk, 'choices'> & { choices?: { message?: Delta; finish_reason?: string | null }[] };
    this.take({ ...rest, choices: choices?.map(({ message, finish_reason }) => ({ delta: message, finish_reason })) });
    this.ended = true;
    return this.pieces();
  }

  private pieces(): ModelPiece[] {
    const pieces: ModelPiece[] = [];
    if (this.reasoning !== '') pieces.push({ type: 'reasoning', text: this.reasoning });
    if (this.text !== '') pieces.push({ type: 'delta', text: this.text });
    this.reasoning = this.text = '';
    return pieces;
  }

  private read(data: string): void {
    const text = data.trim();
    if (this.ended || text === '') return;
    if (text === '[DONE]') {
      this.ended = true;
      this.progress++;
      return;
    }
    this.take(JSON.parse(text) as Chunk);
  }

  private take({ choices, usage, error }: Chunk): void {
    if (error) throw new Error(typeof error === 'string' ? error : (error.message ?? 'the stream tells an error'));
    if (usage) this.count(usage);
    const choice = choices?.[0];
    if (!choice) return;
    if (choice.delta) this.add(choice.delta);
    if (choice.finish_reason) this.end(choice.finish_reason);
  }

  /** Servers that tell it with each chunk tell the sum so far. What cannot be a number of tokens is as good as not told. */
  private count({ prompt_tokens = 0, completion_tokens = 0 }: NonNullable<Chunk['usage']>): void {
    if (![prompt_tokens, completion_tokens].every((tokens) => Number.isInteger(tokens) && tokens >= 0 && tokens <= mostTokens)) return;
    const { usage } = this.written;
    if (usage?.promptTokens === prompt_tokens && usage.completionTokens === completion_tokens) return;
    this.written.usage = { promptTokens: prompt_tokens, completionTokens: completion_tokens };
    this.progress++;
  }

  private end(finish: string): void {
    if (this.written.finish === undefined) this.progress++;
    this.written.finish = finish;
  }

  private add({ content, reasoning_content, reasoning, tool_calls }: Delta): void {
    const thought = reasoning_content ?? reasoning;
    if (content) this.text += storable(content);
    if (thought) this.reasoning += storable(thought);
    this.grow((content?.length ?? 0) + (thought?.length ?? 0));
    for (const delta of tool_calls ?? []) this.addCall(delta);
  }

  /** The first delta of a call names it, later ones bring its arguments. Servers without an index send whole calls. */
  private addCall({ index, id, function: part }: CallDelta): void {
    const place = index ?? (id || part?.name ? this.calls.size : this.calls.size - 1);
    let call = this.calls.get(place);
    if (!call) {
      if (this.calls.size >= mostCalls) throw new Error(`the model asks for more than ${mostCalls} tools at once`);
      call = { id: '', name: '', arguments: '' };
      this.calls.set(place, call);
      this.written.toolCalls.push(call);
    }
    if (id) call.id = storable(id);
    // Some servers say the name again with each delta.
    if (part?.name && part.name !== call.name) call.name += storable(part.name);
    call.arguments += storable(part?.arguments ?? '');
    this.grow((part?.name?.length ?? 0) + (part?.arguments?.length ?? 0));
  }

  private grow(by: number): void {
    if (by === 0) return;
    this.begun = true;
    this.progress++;
    this.length += by;
    if (this.length > longestAnswer) throw new Error(`the answer is longer than ${longestAnswer} characters`);
  }
}

/** Without NUL characters: no database could keep an answer that has one. */
function storable(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
}
