import { UnknownEngineError } from './engine.errors.js';
import { Engine } from './ports/engine.js';

export interface RegisteredEngine {
  engine: Engine;
  /** True when it depends on another server: only such engines are asked for their health in the background. */
  upstream: boolean;
  /** Whether it may answer in place of another one that is down. */
  standIn: boolean;
}

/** The engines of this process, in the order in which they stand in for each other. The first one is the installation's default. */
export class EngineRegistry {
  private readonly byName: ReadonlyMap<string, RegisteredEngine>;

  constructor(engines: readonly RegisteredEngine[]) {
    this.byName = new Map(engines.map((registered) => [registered.engine.getEngineInfo().name, registered]));
    if (this.byName.size !== engines.length || engines.length === 0) throw new TypeError('Engines need names of their own, and there must be one');
  }

  get names(): string[] {
    return [...this.byName.keys()];
  }

  get all(): RegisteredEngine[] {
    return [...this.byName.values()];
  }

  get defaultName(): string {
    return this.names[0] as string;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** @throws UnknownEngineError */
  get(name: string): RegisteredEngine {
    const registered = this.byName.get(name);
    if (!registered) throw new UnknownEngineError(name, this.names);
    return registered;
  }
}
