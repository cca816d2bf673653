import { z } from 'zod';

const mostTexts = 1_000;
const text = z.string().max(32_000).meta({ example: 'The cache hit rate must stay above seventy percent.' });

export const embeddingRequest = z
  .looseObject({
    model: z.string().min(1).max(1_000).describe('`ai-stack-embedding`, or the name of the model that this installation uses').meta({ example: 'ai-stack-embedding' }),
    input: z
      .union([text, z.array(text).min(1).max(mostTexts)], 'must be a text or a list of at most 1000 texts of at most 32000 characters; numbers of tokens cannot be read')
      .describe('One text or up to a thousand, 400,000 characters together; a text may have 8,000 with the built-in embedding, else 32,000. Token numbers are not taken: they belong to a vocabulary that is not known here.')
      .meta({ example: ['The cache hit rate must stay above seventy percent.'] }),
    encoding_format: z.enum(['float', 'base64']).nullish().describe('`base64`: little-endian 32-bit floats. Absent: `float`'),
    dimensions: z.int().min(1).nullish().describe('Only the number that the model has'),
    user: z.string().max(1_000).nullish().describe('Taken and ignored'),
  })
  .meta({ id: 'EmbeddingRequest', example: { model: 'ai-stack-embedding', input: ['The cache hit rate must stay above seventy percent.'], encoding_format: 'base64' } });

export type EmbeddingRequestBody = z.infer<typeof embeddingRequest>;
