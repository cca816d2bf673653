import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AppError } from '#libs/contracts';
import { boundedText, metadata, nonEmptyText, storableJson, uuid } from '../../../platform/http/schemas.js';
import { requirePrincipal } from '../../../platform/tenancy/tenant-context.js';
import type { MemoryScope } from '../memory.types.js';

// Loose everywhere: clients of other versions send more than they need, and what is not known does not matter.
const name = nonEmptyText(255);
const ids = { user_id: name.nullish(), agent_id: name.nullish(), app_id: name.nullish(), run_id: name.nullish() };
const text = boundedText(20_000);
const parts = z.array(z.looseObject({ text: text.optional() })).max(100).transform((list) => list.map((part) => part.text ?? '').join('\n'));
const message = z.looseObject({ role: z.string().max(50), content: z.union([text, parts]) });
const date = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), 'must be a date')
  // A day without a time ends with the day.
  .transform((value) => new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T23:59:59.999Z` : value));

export const mem0IdParam = z.object({ id: uuid });

export const mem0AddRequest = z.looseObject({
  ...ids,
  messages: z.union([nonEmptyText(20_000).transform((content) => [{ role: 'user', content }]), z.array(message).min(1).max(100)]),
  metadata: metadata.nullish(),
  infer: z.boolean().nullish(),
  expiration_date: date.nullish(),
});
export type Mem0AddRequest = z.infer<typeof mem0AddRequest>;

const filters = storableJson(16_384);

export const mem0SearchRequest = z.looseObject({
  query: nonEmptyText(2_000),
  filters: filters.optional(),
  top_k: z.int().min(1).max(1_000).nullish(),
  threshold: z.number().min(0).max(1).nullish(),
});
export type Mem0SearchRequest = z.infer<typeof mem0SearchRequest>;

export const mem0ListRequest = z.looseObject({ filters: filters.optional() });
export const mem0PageQuery = z.looseObject({ page: z.coerce.number().int().min(1).max(1_000_000).default(1), page_size: z.coerce.number().int().min(1).max(200).default(100) });
export type Mem0PageQuery = z.infer<typeof mem0PageQuery>;

export const mem0ScopeQuery = z.looseObject({ ...ids, top_k: z.coerce.number().int().min(1).max(1_000).default(100) });
export type Mem0ScopeQuery = z.infer<typeof mem0ScopeQuery>;

export const mem0UpdateRequest = z.looseObject({ text: nonEmptyText(8_000).nullish(), metadata: metadata.nullish(), expiration_date: date.nullish() });
export type Mem0UpdateRequest = z.infer<typeof mem0UpdateRequest>;

export const mem0BatchUpdateRequest = z.looseObject({ memories: z.array(z.looseObject({ memory_id: uuid, text: nonEmptyText(8_000) })).min(1).max(1_000) });
export const mem0BatchDeleteRequest = z.looseObject({ memories: z.array(z.looseObject({ memory_id: uuid })).min(1).max(1_000) });
export const mem0FeedbackRequest = z.looseObject({ memory_id: uuid, feedback: boundedText(50).nullish(), feedback_reason: boundedText(2_000).nullish() });
export const mem0EntityParam = z.object({ type: z.enum(['user', 'agent', 'app', 'run']), name });

type Ids = Partial<Record<keyof typeof ids, string | null>>;

/**
 * The scope of the ids in a request, always the caller's own. `*` stands for any.
 * @throws memory.no_id when there is none: nobody means all memories of all users by leaving the ids out
 */
export function toMem0Scope({ user_id, agent_id, app_id, run_id }: Ids): MemoryScope {
  const given = [user_id, agent_id, app_id, run_id];
  if (given.every((id) => id === undefined || id === null)) throw new AppError('memory.no_id', 'invalid', 'At least one of user_id, agent_id, app_id and run_id is needed.');
  const [userId, agentId, appId, runId] = given.map((id) => (id === null || id === '*' ? undefined : id));
  return { ownerId: requirePrincipal().id, userId, agentId, appId, runId };
}

/**
 * Flat conditions, or several under AND; equality only. What is not understood is refused, since ignoring a condition shows too much.
 * @throws memory.unsupported_filter, memory.no_id
 */
export function toMem0Filter(given: Record<string, unknown> = {}): { scope: MemoryScope; metadata?: Record<string, unknown> } {
  const { AND: more = [], ...own } = given;
  if (!Array.isArray(more)) throw unsupported('AND');
  const [wanted, about] = [new Map<string, unknown>(), new Map<string, unknown>()];
  for (const part of [own, ...(more as unknown[])]) {
    if (!isObject(part)) throw unsupported('AND');
    for (const [key, value] of Object.entries(part)) {
      if (key !== 'metadata') demand(wanted, key, nameIn(key, value));
      else if (isObject(value)) for (const [field, one] of Object.entries(value)) demand(about, field, one);
      else throw unsupported(key);
    }
  }
  return { scope: toMem0Scope(Object.fromEntries(wanted)), metadata: about.size > 0 ? Object.fromEntries(about) : undefined };
}

/** Nothing is equal to two values at once: whoever asks for that means something else. */
function demand(conditions: Map<string, unknown>, key: string, value: unknown): void {
  if (conditions.has(key) && !isDeepStrictEqual(conditions.get(key), value)) throw unsupported(key);
  conditions.set(key, value);
}

function nameIn(key: string, value: unknown): string {
  const { success, data } = name.safeParse(plainValue(value));
  if (!success || !Object.hasOwn(ids, key)) throw unsupported(key);
  return data;
}

/** `"a"`, `{eq: "a"}` and `{in: ["a"]}` say the same. */
function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const [[operator, operand] = [], ...others] = Object.entries(value);
  if (others.length > 0) return undefined;
  if (operator === 'eq') return operand;
  return operator === 'in' && Array.isArray(operand) && operand.length === 1 ? (operand as unknown[])[0] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unsupported(key: string): AppError {
  return new AppError('memory.unsupported_filter', 'invalid', `The filter "${key.slice(0, 50)}" is not supported: user_id, agent_id, app_id, run_id and metadata can be compared for equality, each with one value, joined by a list under AND.`);
}
