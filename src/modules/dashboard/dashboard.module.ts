import { Module } from '@nestjs/common';
import { DashboardRegistry } from './dashboard.registry.js';
import { DashboardService } from './dashboard.service.js';
import { DashboardController } from './http/dashboard.controller.js';
import { FrameWriter } from './http/frame.writer.js';

@Module({ providers: [DashboardRegistry, DashboardService], exports: [DashboardRegistry, DashboardService] })
export class DashboardModule {}

@Module({ imports: [DashboardModule], controllers: [DashboardController], providers: [FrameWriter] })
export class DashboardHttpModule {}
