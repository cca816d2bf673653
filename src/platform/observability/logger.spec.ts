import { QueryFailedError } from 'typeorm';
import { expect, it, vi } from 'vitest';
import { AppError } from '#libs/contracts';
import { createLogger, NestLogger } from './logger.js';

it('the log names a failed statement and its cause, but not what users wrote', () => {
  const lines: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const driverError = Object.assign(new Error('duplicate key value violates unique constraint "uq_notes"'), {
    code: '23505', table: 'notes', constraint: 'uq_notes', detail: 'Key (text)=(my secret) already exists.', where: 'my secret',
  });
  const failed = new QueryFailedError(`INSERT INTO notes (text) VALUES ($1) ${'-'.repeat(1_000)}`, ['my secret'], driverError);
  const wrapped = new AppError('notes.failed', 'internal', 'The note was not kept.', { cause: failed });
  new NestLogger(createLogger('info')).error({ err: wrapped, request_id: 'r1' }, 'POST /notes failed', 'http');
  stdout.mockRestore();
  const line = lines.join('');
  expect(JSON.parse(line)).toMatchObject({
    err: { type: 'AppError', code: 'notes.failed', stack: expect.stringContaining('logger.spec'), cause: { type: 'QueryFailedError', code: '23505', constraint: 'uq_notes', query: expect.stringMatching(/^INSERT INTO notes/) } },
  });
  expect(line).not.toContain('my secret');
  expect(JSON.parse(line).err.cause.query.length).toBe(300);
});
