import { buildGroundedPrompt, fenced, type Passage } from '#libs/answering';
import { countAllTokens } from '#libs/text';
import type { ChatMessage, EngineContext, ToolDefinition } from '../engine.types.js';
import type { Personality } from '../personality.types.js';

/** Left for the answer when nobody says how long it may be. */
const answerTokens = 1_024;
/** Rules and fences around what is added. */
const rulesTokens = 300;
const summaryTokens = 400;
const memoryTokens = 600;
/** Passages get this much whatever else there is, and no more than that. */
const leastPassageTokens = 600;
const mostPassageTokens = 8_000;
/** Of what is left for passages and earlier turns, the newest turns may have this share; more where passages leave it. */
const turnShare = 0.4;

/** What a prompt is made of. */
export interface PromptParts {
  /** Instructions, earlier turns, the question, and what tools of the caller said since. */
  messages: readonly ChatMessage[];
  context?: EngineContext;
  personality?: Pick<Personality, 'systemPrompt' | 'tone'>;
  /** Of the user, best first. */
  memories: readonly string[];
  tools: readonly ToolDefinition[];
  /** False: the answer is for programs and names no passages. */
  cite: boolean;
  /** Of the answer, when the caller bounds it. */
  maxTokens?: number;
  /** What the model takes, prompt and answer together. */
  contextTokens: number;
  /** Left for results of tools that the model may call. */
  resultTokens?: number;
  /** Stands in for turns that have no room. */
  summarize(turns: ChatMessage[], maxTokens: number): string;
}

export interface Prompt {
  messages: ChatMessage[];
  /** Those that are in it, in the order of their numbers. */
  passages: Passage[];
  /** How many memories are in it. */
  memories: number;
  /** Turns that had no room. */
  older: ChatMessage[];
}

/** The messages of a request by what they are. */
interface Split {
  instructions: string[];
  before: ChatMessage[];
  question: ChatMessage | undefined;
  after: ChatMessage[];
}

/**
 * One system message (personality, the caller's instructions, rules for the passages, memories, a summary of older turns), the newest turns, the
 * question with its passages, and what followed it. The system message, the question and what followed are never cut; when the rest does
 * not fit, passages give way down to a minimum, and older turns are summarised. Token counts are estimates. Tasks without a context
 * get no rules.
 */
export async function assemblePrompt(parts: PromptParts): Promise<Prompt> {
  const { instructions, before, question, after } = splitMessages(parts.messages);
  const said = [...instructionsOf(parts.personality), ...instructions];
  const memories = await fitMemories(parts.memories);
  const fixed = (await countAllTokens([...said, question?.content ?? '', ...memories, ...after.map(textOf)])) + (await countTools(parts.tools));
  const room = Math.max(0, parts.contextTokens - Math.min(parts.maxTokens ?? answerTokens, parts.contextTokens / 2) - (parts.resultTokens ?? 0) - fixed - rulesTokens);
  const units = unitsOf(before);
  const newest = await fitUnits(units, room);
  const wantedByTurns = newest.tokens <= room * turnShare ? newest.tokens : room * turnShare;
  const grounded = ground(parts, question, room - wantedByTurns);
  const kept = newest.count < units.length || newest.tokens > room - grounded.tokens ? await fitUnits(units, room - grounded.tokens - summaryTokens) : newest;
  const older = units.slice(0, units.length - kept.count).flat();
  const system = [...said, ...grounded.rules, ...memoryPart(memories), ...(older.length > 0 ? summaryPart(parts.summarize(older, summaryTokens)) : [])].join('\n\n');
  const messages = [...(system === '' ? [] : [message('system', system)]), ...units.slice(units.length - kept.count).flat(), ...grounded.question, ...after];
  return { messages, passages: grounded.passages, memories: memories.length, older };
}

/** The engine's own tools are the same objects in every prompt. */
const tokensOfTools = new WeakMap<ToolDefinition, number>();

async function countTools(tools: readonly ToolDefinition[]): Promise<number> {
  let sum = 0;
  for (const tool of tools) {
    const tokens = tokensOfTools.get(tool) ?? (await countAllTokens([JSON.stringify(tool)]));
    tokensOfTools.set(tool, tokens);
    sum += tokens;
  }
  return sum;
}

function splitMessages(messages: readonly ChatMessage[]): Split {
  const turns = messages.filter(({ role }) => role !== 'system');
  const asked = turns.findLastIndex(({ role }) => role === 'user');
  const instructions = messages.flatMap(({ role, content }) => (role === 'system' && content.trim() !== '' ? [content] : []));
  return { instructions, before: turns.slice(0, Math.max(0, asked)), question: turns[asked], after: turns.slice(asked + 1) };
}

function instructionsOf(personality: PromptParts['personality']): string[] {
  if (!personality) return [];
  return [personality.systemPrompt, ...(personality.tone ? [`Tone: ${personality.tone}`] : [])].filter((text) => text.trim() !== '');
}

/** Turns that belong together: a call of a tool without its result is refused by models. */
function unitsOf(turns: ChatMessage[]): ChatMessage[][] {
  const units: ChatMessage[][] = [];
  for (const turn of turns) {
    if (turn.role === 'user' || units.length === 0) units.push([turn]);
    else units.at(-1)?.push(turn);
  }
  return units;
}

/** How many of the newest units fit, and what they take. */
async function fitUnits(units: ChatMessage[][], maxTokens: number): Promise<{ count: number; tokens: number }> {
  let [count, tokens] = [0, 0];
  for (const unit of [...units].reverse()) {
    const more = await countAllTokens(unit.map(textOf));
    if (tokens + more > maxTokens) break;
    tokens += more;
    count += 1;
  }
  return { count, tokens };
}

async function fitMemories(memories: readonly string[]): Promise<string[]> {
  const fitting: string[] = [];
  let tokens = 0;
  for (const memory of memories) {
    tokens += await countAllTokens([memory]);
    if (tokens > memoryTokens) break;
    fitting.push(memory);
  }
  return fitting;
}

function ground({ context, cite, tools, memories }: PromptParts, question: ChatMessage | undefined, room: number): { rules: string[]; question: ChatMessage[]; passages: Passage[]; tokens: number } {
  if (!context || !question) return { rules: [], question: question ? [question] : [], passages: [], tokens: 0 };
  const maxTokens = Math.max(leastPassageTokens, Math.min(mostPassageTokens, room));
  const { system, user, included, tokens } = buildGroundedPrompt(context.query, context.passages, { maxTokens, cite, besides: tools.length > 0 || memories.length > 0 });
  const byId = new Map(context.passages.map((passage) => [passage.id, passage]));
  return { rules: [system], question: [message('user', user)], passages: included.flatMap((id) => byId.get(id) ?? []), tokens };
}

function memoryPart(memories: string[]): string[] {
  if (memories.length === 0) return [];
  return [fenced('memory', 'What is known about the user from earlier conversations: use it where it helps, and do not speak of it otherwise.', memories.map((text) => `- ${text.replace(/\s+/g, ' ')}`))];
}

function summaryPart(summary: string): string[] {
  return summary === '' ? [] : [fenced('earlier', 'What was said earlier in this conversation, in short.', [summary])];
}

function message(role: ChatMessage['role'], content: string): ChatMessage {
  return { role, content };
}

function textOf({ content, toolCalls }: ChatMessage): string {
  return toolCalls?.length ? `${content} ${JSON.stringify(toolCalls)}` : content;
}
