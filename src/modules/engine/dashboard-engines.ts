import { Injectable, OnModuleInit } from '@nestjs/common';
import { DashboardRegistry } from '../dashboard/dashboard.registry.js';
import { EnginePerformance } from './engine-performance.js';

const windowMinutes = 60;

/** The part of the dashboard that tells of the engines. */
@Injectable()
export class DashboardEngines implements OnModuleInit {
  constructor(
    private readonly monitor: EnginePerformance,
    private readonly dashboard: DashboardRegistry,
  ) {}

  onModuleInit(): void {
    this.dashboard.provide('engines', () => this.monitor.figures(windowMinutes));
  }
}
