import { Injectable } from '@nestjs/common';
import { EngineChoice } from './engine-choice.js';
import { EngineRegistry, type RegisteredEngine } from './engine.registry.js';
import type { ChatMessage, CurrentEngine, EngineHealth, EngineOptions, EngineView, RoutedEvent } from './engine.types.js';

/** How long the health of an engine is waited for. */
const healthMs = 4_000;

/** The engines of this installation: which there are, which one a tenant uses, and the way of each question to one of them. */
@Injectable()
export class EngineService {
  constructor(
    private readonly registry: EngineRegistry,
    private readonly choice: EngineChoice,
  ) {}

  /**
   * Answers with the tenant's engine, or with the one named. The engine is chosen when the first event is asked for and
   * stays: a switch meanwhile is for those who come later.
   * @throws engine.unknown, and whatever the engine throws
   */
  async *generate(messages: ChatMessage[], options: EngineOptions, name?: string): AsyncGenerator<RoutedEvent> {
    const { engine, reason } = await this.choose(name);
    const info = engine.engine.getEngineInfo();
    for await (const event of engine.engine.generateResponse(messages, options)) {
      yield event.type === 'done' ? { type: 'done', answer: { ...event.answer, engine: info.name, model: info.model, engineReason: reason } } : event;
    }
  }

  async list(): Promise<EngineView[]> {
    const current = await this.choice.current();
    return Promise.all(this.registry.all.map(async (registered) => ({ ...registered.engine.getEngineInfo(), current: registered.engine.getEngineInfo().name === current.name, health: await healthOf(registered) })));
  }

  async current(): Promise<CurrentEngine & { model: string }> {
    const current = await this.choice.current();
    return { ...current, model: this.registry.get(current.name).engine.getEngineInfo().model };
  }

  /** For the whole tenant and every process; on this one it holds when the call returns. @throws engine.unknown */
  async switchTo(name: string): Promise<{ engine: string; previous: string }> {
    return { engine: name, ...(await this.choice.switchTo(name)) };
  }

  /** Asked now. @throws engine.unknown */
  health(name: string): Promise<EngineHealth> {
    return healthOf(this.registry.get(name));
  }

  /** Names of the engines, the installation's default first. */
  get names(): string[] {
    return this.registry.names;
  }

  private async choose(name: string | undefined): Promise<{ engine: RegisteredEngine; reason: 'requested' | 'tenant' | 'default' }> {
    if (name !== undefined) return { engine: this.registry.get(name), reason: 'requested' };
    const current = await this.choice.current();
    return { engine: this.registry.get(current.name), reason: current.source };
  }
}

async function healthOf({ engine }: RegisteredEngine): Promise<EngineHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<EngineHealth>((resolve) => {
    timer = setTimeout(() => resolve({ healthy: false, detail: `no answer within ${healthMs} ms` }), healthMs);
  });
  try {
    return await Promise.race([engine.healthCheck(), late]);
  } catch (error) {
    return { healthy: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
