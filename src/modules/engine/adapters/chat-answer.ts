import { assessQuality, checkCitations } from '#libs/answering';
import { countTokens } from '#libs/text';
import type { CallerTools, ChatMessage, EngineAnswer, EngineOptions, EngineUsage, FinishReason, MemoryUse, ToolCall, ToolDefinition, ToolRun } from '../engine.types.js';
import type { Prompt } from '../core/prompt.js';
import { GrowingText } from '../core/growing-text.js';
import { rarityIn } from '../core/rarity.js';
import { TextLimit } from '../core/text-limit.js';
import { fitResult } from '../core/tool-result.js';
import type { ToolOutcome } from '../tool.types.js';
import type { ModelRequest } from '../../../platform/language-model/language-model.types.js';
import type { Written } from '../../../platform/language-model/model-stream.js';

/** Rounds in which the model may have tools run; then it must answer without. */
const mostRounds = 5;
/** Calls of an answer. */
const mostCalls = 16;
/** Tokens of room for results below which no more tools are offered. */
const leastRoom = 100;
/** More of the calls of a round is not counted, which would take milliseconds. */
const countedCharacters = 10_000;
/** Characters of an answer that are looked at for a refusal. */
const longestRefusal = 2_000;
/** How models say what the prompt asks them to say when the passages hold no answer. */
const refusal = /\b(?:documents?|passages?|texts?|sources?)\b[^.!?\n]{0,60}(?:\b(?:do|does|did|is|are) not\b|n['’]t\b|\bcannot\b|\bno\b)|(?:文档|文檔|文件|段落|资料|資料)[^。！？\n]{0,30}(?:没有|沒有|未|无法|無法|不包含)|(?:无法|無法)回答/i;

/** What an answer is made with. */
export interface AnswerMeans {
  prompt: Prompt;
  /** As it was asked. */
  question: string;
  options: EngineOptions;
  model: string | undefined;
  temperature: number | undefined;
  ownTools: ToolDefinition[];
  /** What the prompt has left for their results. */
  resultTokens: number;
  memory: MemoryUse | undefined;
}

/** One answer of a language model on its way: rounds of writing and of tools, until there is nothing more to run. */
export class ChatAnswer {
  private readonly said = new GrowingText();
  /** Where the text of this round begins. */
  private roundStart = 0;
  private round = 0;
  private readonly messages: ChatMessage[];
  private readonly runs: ToolRun[] = [];
  /** Of the rounds whose server told it. */
  private usage: EngineUsage | undefined;
  private untold = 0;
  private toolCalls: ToolCall[] = [];
  private finishReason: FinishReason = 'stop';
  /** Tokens left for results of tools. */
  private room: number;

  /** Servers are told where to stop; not all of them do. */
  private readonly limit: TextLimit | undefined;

  constructor(private readonly means: AnswerMeans) {
    this.messages = [...means.prompt.messages];
    this.room = means.resultTokens;
    const { stop } = means.options.sampling ?? {};
    if (stop && stop.length > 0) this.limit = new TextLimit({ stop });
  }

  /** The model need not go on. */
  get stopped(): boolean {
    return this.limit?.reached !== undefined;
  }

  /** What the model is asked in this round. */
  request(): ModelRequest {
    const { options, model, temperature } = this.means;
    const { sampling } = options;
    const offered = this.callerTools();
    const forced = offered !== undefined && offered.choice !== 'auto';
    this.roundStart = this.said.length;
    this.untold += 1;
    return {
      model,
      messages: this.messages,
      tools: [...(offered?.definitions ?? []), ...(forced ? [] : this.ownTools())],
      toolChoice: offered?.choice,
      parallelToolCalls: offered?.parallel,
      toolsNeeded: offered !== undefined,
      sampling: { ...sampling, temperature: sampling?.temperature ?? temperature },
    };
  }

  /** @returns what is to be told of the text */
  say(text: string): string {
    return this.tell(this.limit ? this.limit.take(text) : text);
  }

  /** @returns what was held back, at the end of a round */
  rest(): string {
    return this.tell(this.limit?.end() ?? '');
  }

  /** @returns own calls that are to be run before the answer goes on */
  take({ finish, toolCalls, usage }: Written): ToolCall[] {
    this.addUsage(usage);
    this.finishReason = finish === 'cancelled' || finish === 'length' ? finish : 'stop';
    if (finish === 'cancelled') return [];
    const calls = toolCalls.filter(({ name }) => name !== '').map((call, place) => ({ ...call, id: call.id || `call_${this.round}_${place}` }));
    const callers = new Set(this.callerTools()?.definitions.map(({ name }) => name));
    this.toolCalls = calls.filter(({ name }) => callers.has(name));
    if (this.toolCalls.length > 0) this.finishReason = 'tool_calls';
    if (this.toolCalls.length > 0 || this.ownTools().length === 0) return [];
    if (calls.length > 0) this.messages.push({ role: 'assistant', content: this.said.toString().slice(this.roundStart), toolCalls: calls });
    this.room -= countTokens(JSON.stringify(calls).slice(0, countedCharacters));
    return calls;
  }

  /** Whether another call may be run. */
  mayRun(alreadyTaken: number): boolean {
    return this.runs.length + alreadyTaken < mostCalls;
  }

  /** The results of a round, in the order of its calls. */
  add(outcomes: ToolOutcome[]): ToolRun[] {
    this.round += 1;
    for (const { call, content } of this.fit(outcomes)) this.messages.push({ role: 'tool', content, toolCallId: call.id });
    const runs = outcomes.map(({ call, ok, tookMs }) => ({ name: call.name.slice(0, 64).replace(/[^\w-]/g, '?'), ok, tookMs }));
    this.runs.push(...runs);
    return runs;
  }

  get callsOfCaller(): readonly ToolCall[] {
    return this.toolCalls;
  }

  async finish(): Promise<EngineAnswer> {
    const { prompt, question, options, memory, model } = this.means;
    const { context } = options;
    const grounded = context !== undefined && !isForPrograms(options);
    const said = this.said.toString();
    const { text, citations } = grounded ? await checkCitations(said, prompt.passages) : { text: said, citations: [] };
    const refused = grounded && this.toolCalls.length === 0 && citations.length === 0 && (this.hasNothing() || refusal.test(text.slice(0, longestRefusal)));
    return {
      text,
      ...(options.stream && said !== text && { told: said }),
      citations,
      quality: await assessQuality({ question: context?.query ?? question, answer: text, passages: prompt.passages, citations, rarity: rarityIn(context) }),
      refused,
      finishReason: this.finishReason,
      // A part of it would pass for all of it.
      usage: this.untold === 0 ? this.usage : undefined,
      model,
      ...(this.toolCalls.length > 0 && { toolCalls: this.toolCalls }),
      ...(this.runs.length > 0 && { toolRuns: this.runs }),
      ...(memory && { memory }),
    };
  }

  /** Nothing to answer from: then an answer without citations is a refusal, whatever its words. */
  private hasNothing(): boolean {
    return this.means.prompt.passages.length === 0 && this.means.prompt.memories === 0 && !this.runs.some(({ ok }) => ok);
  }

  /** The results of a round share a half of the room that is left, so that later rounds have some too. What the short ones leave is for the long ones. */
  private fit(outcomes: ToolOutcome[]): { call: ToolCall; content: string }[] {
    let share = this.room / 2;
    const fitted = new Map<ToolOutcome, string>();
    for (const outcome of [...outcomes].sort((a, b) => a.content.length - b.content.length)) {
      const content = fitResult(outcome.content, share / (outcomes.length - fitted.size));
      const tokens = countTokens(content);
      share -= tokens;
      this.room -= tokens;
      fitted.set(outcome, content);
    }
    return outcomes.map((outcome) => ({ call: outcome.call, content: fitted.get(outcome) ?? '' }));
  }

  private tell(text: string): string {
    // What follows the use of tools is a paragraph of its own.
    if (text === '') return '';
    const isParagraph = this.roundStart > 0 && this.said.length === this.roundStart;
    const piece = isParagraph ? `\n\n${text}` : text;
    if (isParagraph) this.roundStart += 2;
    this.said.add(piece);
    return piece;
  }

  private callerTools(): CallerTools | undefined {
    const { callerTools } = this.means.options;
    return callerTools?.choice === 'none' ? undefined : callerTools;
  }

  private ownTools(): ToolDefinition[] {
    return this.round < mostRounds && this.runs.length < mostCalls && (this.round === 0 || this.room >= leastRoom) ? this.means.ownTools : [];
  }

  private addUsage(usage: EngineUsage | undefined): void {
    if (!usage) return;
    this.untold -= 1;
    const { promptTokens, completionTokens } = this.usage ?? { promptTokens: 0, completionTokens: 0 };
    this.usage = { promptTokens: promptTokens + usage.promptTokens, completionTokens: completionTokens + usage.completionTokens };
  }
}

/** JSON: a marker taken out of it would break it. */
export function isForPrograms({ sampling }: EngineOptions): boolean {
  return sampling?.responseFormat !== undefined;
}
