import { Injectable } from '@nestjs/common';
import type { DashboardParts } from './dashboard.types.js';

type Sources = { [Part in keyof DashboardParts]: () => Promise<DashboardParts[Part]> };

/** Where the features say how their part of the dashboard is read, so that the dashboard knows none of them. */
@Injectable()
export class DashboardRegistry {
  private readonly sources: Partial<Sources> = {};

  provide<Part extends keyof Sources>(part: Part, read: Sources[Part]): void {
    this.sources[part] = read;
  }

  /** @throws TypeError when nobody provides the part: a fault of the wiring */
  read<Part extends keyof Sources>(part: Part): ReturnType<Sources[Part]> {
    const source = this.sources[part];
    if (!source) throw new TypeError(`No feature provides the part "${part}" of the dashboard`);
    return source() as ReturnType<Sources[Part]>;
  }
}
