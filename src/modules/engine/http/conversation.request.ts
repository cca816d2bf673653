import { z } from 'zod';
import { cursorQuery, nonEmptyText } from '../../../platform/http/schemas.js';

const cursor = z.string().regex(/^\d{1,16}_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a next_cursor of this list');

export const conversationListQuery = cursorQuery(cursor, '1795219200000000_019aa4c5-8a52-7c3e-9f34-0242ac120002');

export const updateConversationRequest = z.strictObject({ title: nonEmptyText(255).meta({ example: 'Lease terms' }) }).meta({ id: 'UpdateConversationRequest', example: { title: 'Lease terms' } });

export type UpdateConversationRequest = z.infer<typeof updateConversationRequest>;
