import { z } from 'zod';
import { pageQuery } from '../../../platform/http/schemas.js';
import { usageGroups } from '../../engine/engine-run.types.js';
import { windowQuery } from './stats.request.js';

export const usageQuery = windowQuery.extend({
  ...pageQuery.shape,
  group_by: z.enum(usageGroups).default('key').describe('`key`: who asked; `user`: whom the key served (`user` of the OpenAI form, the signed user of Open WebUI)'),
});
export type UsageQuery = z.infer<typeof usageQuery>;
