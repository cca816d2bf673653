import { describe, expect, it } from 'vitest';
import { resolveWindow } from './stats-window.js';

const now = Date.parse('2026-11-21T13:37:20Z');
const at = (text: string): Date => new Date(`${text}Z`);

describe('resolveWindow', () => {
  it('is the last 24 hours, outwards to whole minutes', () => {
    expect(resolveWindow({}, 'all', now)).toEqual({ from: at('2026-11-20T13:37'), to: at('2026-11-21T13:38') });
    expect(resolveWindow({ window: '90m' }, 'all', now).from).toEqual(at('2026-11-21T12:07'));
    expect(resolveWindow({ window: '1d', to: at('2026-11-10T00:00') }, 'all', now)).toEqual({ from: at('2026-11-09T00:00'), to: at('2026-11-10T00:00') });
  });

  it('takes whole hours where no minutes are kept any more', () => {
    expect(resolveWindow({ window: '5d' }, 'all', now).from).toEqual(at('2026-11-16T13:37'));
    expect(resolveWindow({ window: '5d' }, 'endpoints', now)).toEqual({ from: at('2026-11-16T13:00'), to: at('2026-11-21T14:00') });
  });
});
