import type { ValueTransformer } from 'typeorm';

/** For bigint columns of entities, which TypeORM would give as text: numbers, exact up to 2^53. */
export const bigintAsNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? value : Number(value)),
};
