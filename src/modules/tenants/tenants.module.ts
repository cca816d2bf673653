import { Module } from '@nestjs/common';
import { TenantsController } from './http/tenants.controller.js';
import { OwnerService } from './owner.service.js';
import { TenantsService } from './tenants.service.js';

@Module({ providers: [OwnerService, TenantsService], exports: [OwnerService, TenantsService] })
export class TenantsModule {}

@Module({ imports: [TenantsModule], controllers: [TenantsController] })
export class TenantsHttpModule {}
