import { z } from 'zod';

export const cancelResponse = z
  .object({
    id: z.string(),
    status: z.enum(['cancelled', 'finished']).describe('`finished`: it had come to its end before'),
  })
  .meta({ id: 'StreamCancellation', example: { id: '019aa4c5-8a52-7c3e-9f34-0242ac120007', status: 'cancelled' } });

/** For doors that stream. */
export const lastEventIdHeader = {
  name: 'Last-Event-ID',
  required: false,
  description: 'Id of the last event that came, when the connection broke: the same request with it goes on in that stream, on any process, and asks nothing anew',
  example: '019aa4c5-8a52-7c3e-9f34-0242ac120007.12',
  schema: { type: 'string' as const },
};
