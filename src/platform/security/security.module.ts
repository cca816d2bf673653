import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { ApiKeyService } from './api-key.service.js';
import { Authenticator } from './authenticator.js';
import { KeyUsage } from './key-usage.js';
import { KeyWatch } from './key-watch.js';
import { RateLimiter } from './rate-limiter.js';
import { RoutePolicyCheck } from './route-policy.check.js';
import { ServerSecrets } from './server-secrets.js';
import { TokenService } from './token.service.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [ApiKeyService, TokenService, RateLimiter, Authenticator, KeyUsage, KeyWatch, ServerSecrets, RoutePolicyCheck, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [ApiKeyService, TokenService, RateLimiter, Authenticator, KeyWatch, ServerSecrets],
})
export class SecurityModule {}
