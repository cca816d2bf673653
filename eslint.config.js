import tseslint from 'typescript-eslint';

/** One word of advice per limit: split by subject when it bites, never by line count. */
const sizeLimits = {
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
};

const plain = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-console': 'error',
};

const constructs = [
  { selector: "CallExpression[callee.name='forwardRef']", message: 'A cycle of modules: let the higher one register itself instead.' },
  {
    selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>5]",
    message: 'More than five constructor parameters: the class has two subjects.',
  },
  { selector: 'CatchClause > BlockStatement[body.length=0]', message: 'A caught error must be handled, or say why it may be ignored.' },
];
/** A test that fails by chance hides behind these until it does. */
const patience = [
  { selector: "MemberExpression[object.name='vi'][property.name=/^wait(For|Until)$/]", message: 'Gives up after a second, which a busy machine may need: expect.poll() or eventually().' },
  { selector: "CallExpression[callee.name=/^(it|test|describe)$/] Property[key.name='retry']", message: 'Mend what fails now and then; trying again hides it.' },
];
const globalModule = { selector: "Decorator[expression.callee.name='Global']", message: 'Only src/platform has global modules: import the module where it is needed.' };

/** Refuses the environment in every spelling. */
const noEnvironment = (message) => ({
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message }],
  'no-restricted-imports': ['error', { paths: ['process', 'node:process'].map((name) => ({ name, importNames: ['env', 'default'], message })) }],
});

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'data/**', 'coverage/**', 'libs/sdk/client/**', 'apps/dashboard/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    // One program for all files: a quarter less CPU time than the project service on a full run.
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...sizeLimits,
      ...plain,
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-ignore': true, 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // These four need types.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      'no-restricted-syntax': ['error', ...constructs, globalModule],
    },
  },
  { files: ['src/platform/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...constructs] } },
  {
    files: ['src/**/*.ts', 'apps/worker/**/*.ts'],
    ignores: ['src/platform/config/**', '**/*.spec.ts'],
    rules: noEnvironment('Only src/platform/config (and ormconfig.ts) reads the environment.'),
  },
  {
    files: ['libs/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts', '**/testing/**'],
    rules: noEnvironment('A lib is told by its caller what it needs to know.'),
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', 'benchmarks/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'no-console': 'off', 'no-restricted-syntax': ['error', ...constructs, ...patience] },
  },
  {
    files: ['**/*.js'],
    ignores: ['scripts/start.js'],
    rules: { ...sizeLimits, ...plain, 'no-unused-vars': 'error' },
  },
);
