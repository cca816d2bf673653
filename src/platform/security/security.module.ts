import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { currentContext } from '../tenancy/tenant-context.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeyService } from './api-key.service.js';
import { Authenticator } from './authenticator.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimitStorage } from './rate-limit.storage.js';
import { RoutePolicyCheck } from './route-policy.check.js';
import { TokenService } from './token.service.js';

const minute = 60_000;
const unlimited = Number.MAX_SAFE_INTEGER;

@Global()
@Module({
  imports: [
    DiscoveryModule,
    ThrottlerModule.forRootAsync({
      inject: [ENV],
      useFactory: (env: Env) => ({
        storage: new RateLimitStorage(),
        throttlers: [
          {
            ttl: minute,
            limit: () => (currentContext()?.principal ? env.RATE_LIMIT_PER_MINUTE : env.RATE_LIMIT_ANONYMOUS_PER_MINUTE) || unlimited,
          },
        ],
      }),
    }),
  ],
  providers: [
    ApiKeyService,
    TokenService,
    Authenticator,
    RoutePolicyCheck,
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeyService, TokenService, Authenticator],
})
export class SecurityModule {}
