import { z } from 'zod';
import { nonEmptyText } from '../../../platform/http/schemas.js';

export const updateConversationRequest = z.strictObject({ title: nonEmptyText(255).meta({ example: 'Lease terms' }) }).meta({ id: 'UpdateConversationRequest', example: { title: 'Lease terms' } });

export type UpdateConversationRequest = z.infer<typeof updateConversationRequest>;
