import { Injectable } from '@nestjs/common';
import { GRAIN_MS } from '../../platform/statistics/grains.js';
import { usageHoursKeptDays, type UsageFigures, type UsageGroup } from '../engine/engine-run.types.js';
import { EngineService } from '../engine/engine.service.js';
import { resolveWindow, roundOutwards } from './core/stats-window.js';
import type { Window, WindowRequest } from './stats.types.js';

export interface UsagePageRequest extends WindowRequest {
  groupBy: UsageGroup;
  page: number;
  pageSize: number;
}

/** Who had language models and engines do how much, and what it cost. Of the current tenant. */
@Injectable()
export class UsageService {
  constructor(private readonly engines: EngineService) {}

  /**
   * The dearest first. The window is 30 days unless told, and is widened to whole hours; to whole days if it begins over 35 days ago.
   * @throws InvalidWindowError
   */
  async usage({ groupBy, page, pageSize, ...request }: UsagePageRequest): Promise<{ items: UsageFigures[]; total: number; window: Window }> {
    const now = Date.now();
    const asked = resolveWindow(request, 'all', now, 30 * GRAIN_MS.day);
    const hoursGone = asked.from.getTime() < now - usageHoursKeptDays * GRAIN_MS.day;
    const window = roundOutwards(asked, hoursGone ? GRAIN_MS.day : GRAIN_MS.hour);
    return { ...(await this.engines.usage({ groupBy, window, page, pageSize })), window };
  }
}
