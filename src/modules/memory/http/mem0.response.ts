import type { FoundMemory, MemoryChange, MemoryEntity, MemoryHistoryView, MemoryView } from '../memory.types.js';

/** A memory in the words of mem0; both of its forms read this. */
export function toMem0Memory(view: MemoryView | FoundMemory) {
  return {
    id: view.id,
    memory: view.text,
    hash: view.hash,
    user_id: view.userId || null,
    agent_id: view.agentId || null,
    app_id: view.appId || null,
    run_id: view.runId || null,
    metadata: view.metadata,
    categories: [],
    created_at: view.createdAt.toISOString(),
    updated_at: view.updatedAt.toISOString(),
    expiration_date: view.expiresAt?.toISOString() ?? null,
    ...('score' in view ? { score: view.score } : {}),
  };
}

export function toMem0Change({ id, text, event, oldText }: MemoryChange) {
  return { id, memory: text, event, ...(oldText === undefined ? {} : { previous_memory: oldText }) };
}

export function toMem0History(memoryId: string, changes: MemoryHistoryView[]) {
  return changes.map(({ id, event, oldText, newText, createdAt }) => ({
    id,
    memory_id: memoryId,
    input: [],
    old_memory: oldText,
    new_memory: newText,
    event,
    is_deleted: event === 'DELETE',
    created_at: createdAt.toISOString(),
    updated_at: createdAt.toISOString(),
  }));
}

export function toMem0Entity({ type, name, memories, createdAt, updatedAt }: MemoryEntity) {
  return { id: `${type}:${name}`, type, name, total_memories: memories, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
}
