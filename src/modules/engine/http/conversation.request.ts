import { z } from 'zod';
import { nonEmptyText } from '../../../platform/http/schemas.js';

export const updateConversationRequest = z.strictObject({ title: nonEmptyText(255).meta({ example: 'Lease terms' }) }).meta({ id: 'UpdateConversationRequest' });

export type UpdateConversationRequest = z.infer<typeof updateConversationRequest>;
