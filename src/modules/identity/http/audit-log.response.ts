import { z } from 'zod';
import { cursorPageOf, timestamp, uuid } from '../../../platform/http/schemas.js';
import type { AuditPage } from '../../../platform/audit/audit-trail.js';

const entry = z
  .object({
    id: uuid,
    actor: z.string().describe('`api_key:<id>`, or `system:<part of the program>`'),
    action: z.string(),
    subject: z.string().describe('What was acted on'),
    detail: z.record(z.string(), z.unknown()),
    at: timestamp,
  })
  .meta({
    id: 'AuditEntry',
    example: {
      id: '019aa4c5-8a52-7c3e-9f34-0242ac120002', actor: 'api_key:019aa4c5-8a52-7c3e-9f34-0242ac120003', action: 'engine.switched', subject: 'extractive', detail: { from: 'chat', to: 'extractive' }, at: '2026-11-21T10:00:00.000Z',
    },
  });

export const auditLogPageResponse = cursorPageOf(entry, 'AuditEntryPage');

export function toAuditEntryResponse({ id, actor, action, subject, detail, at }: AuditPage['items'][number]): z.infer<typeof entry> {
  return { id, actor, action, subject, detail, at: at.toISOString() };
}
