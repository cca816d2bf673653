import { z } from 'zod';
import { nonEmptyText } from '../../../platform/http/schemas.js';

const engineName = nonEmptyText(100).meta({ example: 'chat' });

export const engineParam = z.object({ name: engineName.describe('Name of the engine') });

export const switchEngineRequest = z.strictObject({ engine: engineName.describe('Name of the engine that answers from now on') }).meta({ id: 'SwitchEngineRequest', example: { engine: 'chat' } });

export type SwitchEngineRequest = z.infer<typeof switchEngineRequest>;
