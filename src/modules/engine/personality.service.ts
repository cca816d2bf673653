import { Injectable } from '@nestjs/common';
import { CacheService } from '../cache/cache.service.js';
import { PersonalityStore } from './adapters/personality.store.js';
import { PersonalityNotFoundError } from './engine.errors.js';
import type { NewPersonality, Personality, PersonalityChange } from './personality.types.js';
import { ToolRegistry } from './tool.registry.js';

/** Changes drop it on every process; this bounds what is missed when a process dies between its change and its word. */
const rememberMs = 10_000;
const tag = 'personalities';

/** How the tenant's engines may speak. */
@Injectable()
export class PersonalityService {
  constructor(
    private readonly store: PersonalityStore,
    private readonly cache: CacheService,
    private readonly tools: ToolRegistry,
  ) {}

  /** Mostly without a query; never the state before a change that has returned on this process. @throws PersonalityNotFoundError */
  async get(id: string): Promise<Personality> {
    const entry = { namespace: 'personalities' as const, key: id.toLowerCase(), ttlMs: rememberMs, tags: [tag], cacheable: (found?: Personality) => found !== undefined };
    const { value } = await this.cache.getOrLoad<Personality | undefined>(entry, () => this.store.find(id));
    if (!value) throw new PersonalityNotFoundError(id);
    return value;
  }

  /** By name. */
  list(page: number, pageSize: number): Promise<{ items: Personality[]; total: number }> {
    return this.store.list(page, pageSize);
  }

  /** @throws PersonalityExistsError, UnknownToolsError, TooManyPersonalitiesError */
  async create(wanted: NewPersonality): Promise<Personality> {
    this.tools.requireAll(wanted.tools ?? []);
    return this.store.insert(wanted);
  }

  /** @throws PersonalityNotFoundError, PersonalityExistsError, UnknownToolsError */
  async update(id: string, change: PersonalityChange): Promise<Personality> {
    if (Object.values(change).every((value) => value === undefined)) return this.get(id);
    this.tools.requireAll(change.tools ?? []);
    const changed = await this.store.update(id, change);
    await this.cache.drop({ tag });
    return changed;
  }

  /** @throws PersonalityNotFoundError */
  async remove(id: string): Promise<void> {
    await this.store.remove(id);
    await this.cache.drop({ tag });
  }
}
