import { z } from 'zod';
import { boundedText, pageQuery } from '../../../platform/http/schemas.js';
import { endpointSorts, intervals, metrics } from '../stats.types.js';

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const windowQuery = z.object({
  from: moment.optional().describe('Begin, RFC 3339; 24 hours before `to` when absent').meta({ example: '2026-11-20T10:00:00Z' }),
  to: moment.optional().describe('End, exclusive; now when absent').meta({ example: '2026-11-21T10:00:00Z' }),
  window: z
    .string()
    .regex(/^[1-9]\d{0,5}[mhd]$/, 'must be a number and m, h or d, like 90m, 24h or 7d')
    .optional()
    .describe('Length of the window, instead of `from`: a number and m, h or d')
    .meta({ example: '24h' }),
});

export const overviewQuery = windowQuery;
export type OverviewQuery = z.infer<typeof overviewQuery>;

export const timeseriesQuery = windowQuery.extend({
  metric: z.enum(metrics).default('requests').describe('What is measured'),
  interval: z.enum(intervals).default('hour').describe('Width of a point; `day` is a day of UTC'),
  endpoint: boundedText(255).min(1).optional().describe('Only this route pattern').meta({ example: '/rag/search' }),
});
export type TimeseriesQuery = z.infer<typeof timeseriesQuery>;

export const endpointsQuery = windowQuery.extend({
  ...pageQuery.shape,
  sort: z.enum(endpointSorts).default('requests').describe('What the largest of comes first'),
});
export type EndpointsQuery = z.infer<typeof endpointsQuery>;
