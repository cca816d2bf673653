import { z } from 'zod';
import { boundedText, uuidCursorQuery } from '../../../platform/http/schemas.js';

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const auditLogQuery = uuidCursorQuery.extend({
  action: boundedText(100).min(1).optional().describe('Only this action').meta({ example: 'engine.switched' }),
  subject: boundedText(255).min(1).optional().describe('Only what was done to this').meta({ example: 'extractive' }),
  actor: boundedText(255).min(1).optional().describe('Only what this one did: `api_key:<id>`, `system:<part of the program>`').meta({ example: 'api_key:019aa4c5-8a52-7c3e-9f34-0242ac120002' }),
  from: moment.optional().describe('Begin, RFC 3339').meta({ example: '2026-11-20T10:00:00Z' }),
  to: moment.optional().describe('End, exclusive').meta({ example: '2026-11-21T10:00:00Z' }),
});

export type AuditLogQuery = z.infer<typeof auditLogQuery>;
