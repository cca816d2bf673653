import { z } from 'zod';
import { boundedText, uuid } from '../../../platform/http/schemas.js';

const rating = z.enum(['up', 'down']);
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const feedbackRequest = z
  .strictObject({ rating, comment: boundedText(4000).optional() })
  .meta({ id: 'FeedbackRequest', example: { rating: 'down', comment: 'The figure is from last year.' } });

export type FeedbackRequest = z.infer<typeof feedbackRequest>;

export const feedbackQuery = z.object({
  page_size: z.coerce.number().int().min(1).max(50).default(20).describe('Items a page, at most 50: each holds the text of its passages'),
  cursor: uuid.optional().describe('`next_cursor` of the page before').meta({ example: '019aa4c5-8a52-7c3e-9f34-0242ac120006' }),
  rating: rating.optional().describe('Only these').meta({ example: 'down' }),
  from: moment.optional().describe('Begin, RFC 3339').meta({ example: '2026-11-20T10:00:00Z' }),
  to: moment.optional().describe('End, exclusive').meta({ example: '2026-11-21T10:00:00Z' }),
});

export type FeedbackQuery = z.infer<typeof feedbackQuery>;
