import { ESLint } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { root } from './project.js';

// The rules that need types are left out here: they would load the whole program for each text.
const eslint = new ESLint({ cwd: root, overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }] });

async function faults(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const service = 'src/modules/rag/planted.service.ts';
const lines = (count: number): string => Array.from({ length: count }, (_, index) => `export const x${index} = ${index};`).join('\n');
const statements = (count: number): string => `export function long(): void {\n${'  void 0;\n'.repeat(count)}}\n`;

const planted: [what: string, path: string, code: string, rule: string][] = [
  ['a global module of a feature', service, '@Global()\nexport class A {}\n', 'no-restricted-syntax'],
  ['forwardRef', 'src/platform/planted.ts', 'export const a = forwardRef(() => a);\n', 'no-restricted-syntax'],
  ['six constructor parameters', service, 'export class A {\n  constructor(a: 1, b: 1, c: 1, d: 1, e: 1, f: 1) { void [a, b, c, d, e, f]; }\n}\n', 'no-restricted-syntax'],
  ['an empty catch', service, 'export function a(): void {\n  try { a(); } catch {}\n}\n', 'no-restricted-syntax'],
  ['the environment in a module', service, 'export const a = process.env.PORT;\n', 'no-restricted-properties'],
  ['the environment, taken apart', service, 'export const { env } = process;\n', 'no-restricted-properties'],
  ['the environment, imported', service, "import { env } from 'node:process';\nexport const a = env;\n", 'no-restricted-imports'],
  ['the environment in a lib', 'libs/text/planted.ts', 'export const a = process.env.PORT;\n', 'no-restricted-properties'],
  ['any', service, 'export const a: any = 1;\n', '@typescript-eslint/no-explicit-any'],
  ['@ts-ignore', service, '// @ts-ignore\nexport const a = 1;\n', '@typescript-eslint/ban-ts-comment'],
  ['251 lines', service, lines(251), 'max-lines'],
  ['a function of 41 lines', service, statements(39), 'max-lines-per-function'],
  ['waiting for a second in a test', 'test/e2e/planted.spec.ts', 'export const a = vi.waitFor(() => expect(1).toBe(1));\n', 'no-restricted-syntax'],
  ['trying a test again', 'test/e2e/planted.spec.ts', "it('may fail', { retry: 2 }, () => undefined);\n", 'no-restricted-syntax'],
  ['console', service, 'console.log(1);\n', 'no-console'],
];

describe('lint', () => {
  it.each(planted)('refuses %s', async (_what, path, code, rule) => {
    expect(await faults(path, code)).toContain(rule);
  });

  it('lets pass what is allowed', async () => {
    expect(await faults('src/platform/planted.ts', '@Global()\nexport class A {}\n')).toEqual([]);
    expect(await faults('src/platform/config/planted.ts', 'export const a = process.env.PORT;\n')).toEqual([]);
    expect(await faults('test/support/planted.ts', statements(60))).toEqual([]);
    expect(await faults(service, lines(250))).toEqual([]);
    expect(await faults(service, statements(38))).toEqual([]);
  });
});
