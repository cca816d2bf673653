import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { toolSchemaOf } from './core/tool-schema.js';
import type { ToolDefinition } from './engine.types.js';
import { UnknownToolsError } from './engine.errors.js';
import type { Tool } from './tool.types.js';

export interface RegisteredTool {
  tool: Tool;
  /** As models are told of it. */
  definition: ToolDefinition;
}

const toolName = /^[a-zA-Z0-9_-]{1,64}$/;
const longestDescription = 1_024;

/**
 * The tools of this process. Features on higher floors register theirs when their module starts; the engine knows none of them.
 * @example onModuleInit() { this.tools.register({ name: 'search_knowledge', description: '…', permission: 'search:query', arguments: z.object({ query: z.string() }), run: …}); }
 */
@Injectable()
export class ToolRegistry {
  private readonly byName = new Map<string, RegisteredTool>();

  /** @throws TypeError when the name is taken, or a provider of language models would refuse the tool: the start fails, not the first answer */
  register<Arguments extends z.ZodObject>(tool: Tool<Arguments>): void {
    const { name, description } = tool;
    if (!toolName.test(name)) throw new TypeError(`"${name}" is no name that all models can write: letters, digits, _ and -, at most 64`);
    if (this.byName.has(name)) throw new TypeError(`There are two tools "${name}"`);
    if (description.trim() === '' || description.length > longestDescription) throw new TypeError(`The description of tool "${name}" must have 1 to ${longestDescription} characters`);
    this.byName.set(name, { tool: tool as unknown as Tool, definition: { name, description, parameters: schemaFor(tool) } });
  }

  get all(): RegisteredTool[] {
    return [...this.byName.values()];
  }

  find(name: string): RegisteredTool | undefined {
    return this.byName.get(name);
  }

  /** @throws UnknownToolsError naming those that are none */
  requireAll(names: readonly string[]): void {
    const unknown = names.filter((name) => !this.byName.has(name));
    if (unknown.length > 0) throw new UnknownToolsError(unknown, [...this.byName.keys()]);
  }
}

function schemaFor(tool: Tool<z.ZodObject>): Record<string, unknown> {
  try {
    return toolSchemaOf(tool.arguments);
  } catch (error) {
    throw new TypeError(`Language models would refuse the arguments of tool "${tool.name}": ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
