import { Module } from '@nestjs/common';
import { ApiKeysController } from './http/api-keys.controller.js';
import { AuditLogsController } from './http/audit-logs.controller.js';
import { AuthController } from './http/auth.controller.js';
import { IdentityService } from './identity.service.js';
import { OAuthService } from './oauth.service.js';

@Module({ providers: [IdentityService, OAuthService], exports: [IdentityService, OAuthService] })
export class IdentityModule {}

@Module({ imports: [IdentityModule], controllers: [AuthController, ApiKeysController, AuditLogsController] })
export class IdentityHttpModule {}
