import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuditTrail } from '../../../platform/audit/audit-trail.js';
import { Respond } from '../../../platform/http/respond.js';
import { toPageStart } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { auditLogQuery, type AuditLogQuery } from './audit-log.request.js';
import { auditLogPageResponse, toAuditEntryResponse } from './audit-log.response.js';

@ApiTags('identity')
@Controller('audit-logs')
export class AuditLogsController {
  constructor(private readonly trail: AuditTrail) {}

  @Get()
  @Access('audit:read')
  @Respond({
    summary: 'Who changed what, and when',
    description: 'Of the own tenant, the newest first: engines switched, failed over and back, personalities, keys, tokens, tenants. Entries are only ever added; the database refuses to change or remove one.',
    body: auditLogPageResponse,
  })
  async listAuditLogs(@Query({ schema: auditLogQuery }) { page, page_size, cursor, ...filter }: AuditLogQuery) {
    const { items, total, nextCursor } = await this.trail.list(filter, toPageStart({ cursor, page, page_size }));
    return { items: items.map(toAuditEntryResponse), total, page, page_size, next_cursor: nextCursor };
  }
}
