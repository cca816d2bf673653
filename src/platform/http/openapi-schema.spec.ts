import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { namedConverter } from './openapi-schema.js';

describe(namedConverter.name, () => {
  it('refuses a name for a second shape, and takes it again for the same', () => {
    const convert = namedConverter();
    const run = () => z.object({ runs: z.array(z.object({ name: z.string() }).meta({ id: 'Run' })) });
    convert(run(), 'output');
    convert(run(), 'output');
    expect(() => convert(z.object({ run: z.object({ name: z.string(), result: z.unknown() }).meta({ id: 'Run' }) }), 'output')).toThrow('Two schemas are called Run');
  });
});
