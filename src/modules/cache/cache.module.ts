import { Module } from '@nestjs/common';
import { CacheService } from './cache.service.js';
import { CacheController } from './http/cache.controller.js';

@Module({ providers: [CacheService], exports: [CacheService] })
export class CacheModule {}

@Module({ imports: [CacheModule], controllers: [CacheController] })
export class CacheHttpModule {}
