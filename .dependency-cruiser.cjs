// The import rules of docs/ARCHITECTURE.md. test/architecture/import-rules.spec.ts plants a breach of each and expects it to be caught.

const floors = require('./.dependency-cruiser.floors.cjs');

/** An npm package, installed or not. */
const npmPackage = (...names) => `(^|node_modules/)(${names.join('|')})($|/)`;
const nest = npmPackage('@nestjs/[^/]+');
const typeorm = npmPackage('typeorm');
/** What speaks to a database, an index file, a queue, a store or a provider. */
const drivers = npmPackage('typeorm', 'pg', 'pg-[^/]+', 'usearch', 'openai', 'ai', '@ai-sdk/[^/]+', 'redis', 'ioredis', 'bull', 'bullmq', '@nestjs/bull', 'cache-manager[^/]*', '@elastic/[^/]+', 'nodemailer', 'stripe');

const rooms = '(http|jobs|core|ports|adapters)';
const specs = '\\.(spec|fixture)\\.ts$';

/** A floor must not know the modules beside it and above it. */
const floorRules = floors.flatMap((modules, height) =>
  modules.map((name) => {
    const others = floors.slice(height).flat().filter((other) => other !== name);
    return {
      name: `floor-of-${name}`,
      comment: `${name} stands below or beside ${others.join(', ')}: let them register themselves with it.`,
      severity: 'error',
      from: { path: `^src/modules/${name}/` },
      to: { path: `^src/modules/(${others.join('|')})/` },
    };
  }),
);

const rules = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one subject in two places, types included.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolvable',
    comment: 'The other rules are blind to a file of this project that cannot be found.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, path: '^(\\.|#)' },
  },
  {
    name: 'packages-are-declared',
    comment: 'An import from a package that package.json does not list works only by chance.',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'shipped-packages',
    comment: 'What runs in production must not need a package that only development installs.',
    severity: 'error',
    from: { path: '^(src|apps|libs)/', pathNot: [specs, '/testing/'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'rooms-private',
    comment: 'Files at the root of a module are public, its rooms are private. Tests and benchmarks may look inside.',
    severity: 'error',
    from: { path: '^(src|apps|libs|ormconfig)', pathNot: ['^src/modules/', '^src/entities\\.ts$'] },
    to: { path: `^src/modules/[^/]+/${rooms}/` },
  },
  {
    name: 'entities-are-listed-once',
    comment: 'src/entities.ts lists the entities of all modules for the database, and sees nothing else of the rooms.',
    severity: 'error',
    from: { path: '^src/entities\\.ts$' },
    to: { path: `^src/modules/[^/]+/${rooms}/`, pathNot: '^src/modules/[^/]+/adapters/entities/' },
  },
  {
    name: 'rooms-private-between-modules',
    comment: 'Another module is used through the files at its root.',
    severity: 'error',
    from: { path: '^src/modules/([^/]+)/' },
    to: { path: `^src/modules/[^/]+/${rooms}/`, pathNot: '^src/modules/$1/' },
  },
  {
    name: 'doors-call-services',
    comment: 'http/ and jobs/ translate and call a service; they know neither ports, adapters nor the database.',
    severity: 'error',
    from: { path: '^src/modules/[^/]+/(http|jobs)/', pathNot: specs },
    to: { path: [`^src/modules/[^/]+/(ports|adapters)/`, typeorm] },
  },
  {
    name: 'doors-are-not-called',
    comment: 'Only *.module.ts mounts a door; what a service needs from it belongs at the root of the module.',
    severity: 'error',
    from: { path: '^src/modules/([^/]+)/', pathNot: [specs, '\\.module\\.ts$', '^src/modules/[^/]+/(http|jobs)/'] },
    to: { path: '^src/modules/$1/(http|jobs)/' },
  },
  {
    name: 'drivers-in-adapters',
    comment: 'Inside a module only adapters/ names a driver.',
    severity: 'error',
    from: { path: '^src/modules/', pathNot: ['^src/modules/[^/]+/adapters/', specs] },
    to: { path: drivers },
  },
  {
    name: 'core-is-pure',
    comment: 'core/ holds rules of the feature that can be tested without anything else.',
    severity: 'error',
    from: { path: '^src/modules/[^/]+/core/', pathNot: specs },
    to: { path: [nest, drivers, '^src/modules/[^/]+/(http|jobs|ports|adapters)/'] },
  },
  {
    name: 'ports-know-no-adapter',
    comment: 'A port says what is needed, not who provides it.',
    severity: 'error',
    from: { path: '^src/modules/[^/]+/ports/', pathNot: specs },
    to: { path: ['^src/modules/[^/]+/(http|jobs|adapters)/', drivers] },
  },
  ...floorRules,
  {
    name: 'platform-knows-no-feature',
    comment: 'src/platform is plumbing: a feature registers itself with it.',
    severity: 'error',
    from: { path: '^src/platform/', pathNot: specs },
    to: { path: '^src/(modules|startup|app\\.|main\\.|entities\\.)' },
  },
  {
    name: 'libs-are-pure',
    comment: 'libs/ is plain TypeScript that thinks: no framework, no database, nothing of src. libs/sdk is the client of the API and may use the network.',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: [nest, npmPackage('typeorm', 'pg', 'redis', 'ioredis', 'bull', 'fastify', 'express'), '^(src|apps|ormconfig)'] },
  },
  {
    name: 'libs-have-no-network',
    comment: 'What speaks to the network is an adapter of a module.',
    severity: 'error',
    from: { path: '^libs/', pathNot: [specs, '^libs/sdk/'] },
    to: { path: '^(node:)?(http|https|http2|net|tls|dgram)$' },
  },
  {
    name: 'libs-through-the-front-door',
    comment: 'A lib is used as #libs/<name>; what others need stands in its index.ts.',
    severity: 'error',
    from: { path: '^(src|apps|ormconfig)' },
    to: { path: '^libs/[^/]+/(?!index\\.ts$)' },
  },
  {
    name: 'libs-among-each-other',
    comment: 'A lib uses another as #libs/<name>.',
    severity: 'error',
    from: { path: '^libs/([^/]+)/' },
    to: { path: '^libs/[^/]+/(?!index\\.ts$)', pathNot: '^libs/$1/' },
  },
  {
    name: 'no-detour-by-own-front-door',
    comment: 'Inside a lib files import each other directly.',
    severity: 'error',
    from: { path: '^libs/([^/]+)/' },
    to: { path: '^libs/$1/index\\.ts$', dependencyTypes: ['aliased'] },
  },
  {
    name: 'no-tests-in-production',
    comment: 'Tests, their support and benchmarks are not part of the product.',
    severity: 'error',
    from: { path: '^(src|apps|libs|ormconfig)', pathNot: [specs, '/testing/'] },
    to: { path: ['^(test|benchmarks)/', specs, '/testing/'] },
  },
  {
    name: 'benchmarks-stand-alone',
    comment: 'Only benchmarks import benchmarks.',
    severity: 'error',
    from: { path: '^(test|libs|src|apps)/' },
    to: { path: '^benchmarks/' },
  },
  {
    name: 'no-barrels',
    comment: 'Inside src/ there is no index.ts that passes on other files: barrels tie knots. (The list of migrations is data, not a front door.)',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/platform/database/migrations/' },
    to: { path: '^src/.*/index\\.ts$', pathNot: '^src/platform/database/migrations/index\\.ts$' },
  },
];

module.exports = {
  forbidden: rules,
  options: {
    exclude: { path: '(^|/)(dist|data|coverage)/|^libs/sdk/client/|^apps/dashboard/' },
    doNotFollow: { path: 'node_modules' },
    // Type-only imports count as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: '.dependency-cruiser.tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'] },
  },
};
