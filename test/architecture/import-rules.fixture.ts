/** A file that breaks one rule. */
interface Breach {
  rule: string;
  /** The rule in the words of the person who breaks it. */
  what: string;
  path: string;
  text: string;
}

const imports = (...specifiers: string[]): string => specifiers.map((from, index) => `import { a as a${index} } from '${from}';`).join('\n') + '\nexport const a = 1;\n';

const stub = (name: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: 'exports.a = 1;\n',
});

/** A small project that keeps every rule, with the installed packages that it and the breaches name. */
export const wellBehaved: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'planted',
    type: 'module',
    dependencies: { '@nestjs/common': '1.0.0', typeorm: '1.0.0', pg: '1.0.0', openai: '1.0.0' },
    devDependencies: { vitest: '1.0.0' },
  }),
  ...stub('@nestjs/common'),
  ...stub('typeorm'),
  ...stub('pg'),
  ...stub('openai'),
  ...stub('vitest'),
  ...stub('undeclared'),
  'libs/text/index.ts': "export { a } from './inner.js';\n",
  'libs/text/inner.ts': imports(),
  'libs/text/inner.spec.ts': imports('vitest', './inner.js'),
  'libs/ranking/index.ts': imports('#libs/text', 'node:fs'),
  'src/platform/http/index.ts': imports(),
  'src/platform/plumbing.ts': imports('typeorm', '@nestjs/common', '#libs/text'),
  'src/entities.ts': imports('./modules/rag/adapters/entities/chunk.entity.js'),
  'src/modules/rag/adapters/entities/chunk.entity.ts': imports('typeorm'),
  'src/modules/rag/adapters/chunk.store.ts': imports('typeorm', '../ports/store.js', './entities/chunk.entity.js', '../../../platform/plumbing.js'),
  'src/modules/rag/ports/store.ts': imports(),
  'src/modules/rag/core/rules.ts': imports('#libs/ranking'),
  'src/modules/rag/rag.types.ts': imports(),
  'src/modules/rag/rag.service.ts': imports('./ports/store.js', './adapters/chunk.store.js', './core/rules.js', './rag.types.js', '../search/search.service.js'),
  'src/modules/rag/http/rag.controller.ts': imports('@nestjs/common', '../rag.service.js'),
  'src/modules/rag/rag.module.ts': imports('@nestjs/common', './http/rag.controller.js', './rag.service.js'),
  'src/modules/search/search.service.ts': imports('#libs/text'),
  'src/modules/search/core/inner.ts': imports(),
  'src/modules/engine/engine.service.ts': imports('../search/search.service.js'),
  'src/modules/analytics/analytics.service.ts': imports(),
  'src/app.module.ts': imports('./modules/rag/rag.module.js', './modules/analytics/analytics.service.js', './entities.js'),
  'test/support/helper.ts': imports('vitest', '../../src/modules/rag/adapters/chunk.store.js'),
  'benchmarks/speed.ts': imports('../libs/text/inner.js', '../src/modules/rag/core/rules.js', '../test/support/helper.js'),
};

export const breaches: Breach[] = [
  { rule: 'no-cycles', what: 'a file imports the one that imports it', path: 'src/platform/hen.ts', text: imports('./egg.js') },
  { rule: 'no-cycles', what: 'the same, seen from the other', path: 'src/platform/egg.ts', text: imports('./hen.js') },
  { rule: 'no-cycles', what: 'a file needs types of the one that imports it', path: 'src/platform/horse.ts', text: "import type { a as Cart } from './cart.js';\nexport const a = (cart: typeof Cart) => cart;\n" },
  { rule: 'no-cycles', what: 'the same, seen from the other', path: 'src/platform/cart.ts', text: imports('./horse.js') },
  { rule: 'resolvable', what: 'a file that is not there', path: 'libs/text/lost.ts', text: imports('./not-there.js') },
  { rule: 'packages-are-declared', what: 'a package that another one happens to bring', path: 'src/platform/lucky.ts', text: imports('undeclared') },
  { rule: 'shipped-packages', what: 'a development package in the product', path: 'src/platform/dev.ts', text: imports('vitest') },
  { rule: 'rooms-private', what: 'the platform’s neighbour enters a room', path: 'src/startup/nosy.ts', text: imports('../modules/rag/core/rules.js') },
  { rule: 'entities-are-listed-once', what: 'the list of entities takes an adapter', path: 'src/entities.ts', text: imports('./modules/rag/adapters/chunk.store.js', './modules/rag/adapters/entities/chunk.entity.js') },
  { rule: 'rooms-private-between-modules', what: 'a module enters another one’s room', path: 'src/modules/engine/nosy.service.ts', text: imports('../search/core/inner.js') },
  { rule: 'doors-call-services', what: 'a controller takes an adapter', path: 'src/modules/rag/http/direct.controller.ts', text: imports('../adapters/chunk.store.js') },
  { rule: 'doors-call-services', what: 'a controller takes a port', path: 'src/modules/rag/http/port.controller.ts', text: imports('../ports/store.js') },
  { rule: 'doors-call-services', what: 'a job takes TypeORM', path: 'src/modules/rag/jobs/direct.processor.ts', text: imports('typeorm') },
  { rule: 'doors-are-not-called', what: 'a service takes a response from its door', path: 'src/modules/rag/upside-down.service.ts', text: imports('./http/rag.controller.js') },
  { rule: 'drivers-in-adapters', what: 'a service takes TypeORM', path: 'src/modules/rag/direct.service.ts', text: imports('typeorm') },
  { rule: 'drivers-in-adapters', what: 'a service takes pg', path: 'src/modules/rag/sql.service.ts', text: imports('pg') },
  { rule: 'drivers-in-adapters', what: 'a service calls a language model', path: 'src/modules/engine/talking.service.ts', text: imports('openai') },
  { rule: 'core-is-pure', what: 'a rule takes Nest', path: 'src/modules/rag/core/nest.ts', text: imports('@nestjs/common') },
  { rule: 'core-is-pure', what: 'a rule takes an adapter', path: 'src/modules/rag/core/adapter.ts', text: imports('../adapters/chunk.store.js') },
  { rule: 'ports-know-no-adapter', what: 'a port takes its adapter', path: 'src/modules/rag/ports/adapter.ts', text: imports('../adapters/chunk.store.js') },
  { rule: 'platform-knows-no-feature', what: 'the platform takes a service', path: 'src/platform/knowing.ts', text: imports('../modules/rag/rag.service.js') },
  { rule: 'libs-are-pure', what: 'a lib takes Nest', path: 'libs/text/nest.ts', text: imports('@nestjs/common') },
  { rule: 'libs-are-pure', what: 'a lib takes the product', path: 'libs/text/product.ts', text: imports('../../src/platform/plumbing.js') },
  { rule: 'libs-have-no-network', what: 'a lib opens a connection', path: 'libs/text/network.ts', text: imports('node:net') },
  { rule: 'libs-through-the-front-door', what: 'a module takes the inside of a lib', path: 'src/modules/rag/burglar.service.ts', text: imports('../../../libs/text/inner.js') },
  { rule: 'libs-among-each-other', what: 'a lib takes the inside of another', path: 'libs/ranking/burglar.ts', text: imports('../text/inner.js') },
  { rule: 'no-detour-by-own-front-door', what: 'a file takes its own lib by the front door', path: 'libs/ranking/detour.ts', text: imports('#libs/ranking') },
  { rule: 'no-tests-in-production', what: 'the product takes a test’s helper', path: 'src/platform/tested.ts', text: imports('../../test/support/helper.js') },
  { rule: 'benchmarks-stand-alone', what: 'a test takes a benchmark', path: 'test/support/racing.ts', text: imports('../../benchmarks/speed.js') },
  { rule: 'no-barrels', what: 'a folder of src has a front door', path: 'src/platform/through.ts', text: imports('./http/index.js') },
];

/** A breach for each pair of modules that the floors keep apart. */
export function floorBreaches(floors: readonly string[][]): Breach[] {
  return floors.flatMap((modules, height) =>
    modules.flatMap((lower) => {
      const others = floors.slice(height).flat().filter((name) => name !== lower);
      return others.map((higher) => ({ rule: `floor-of-${lower}`, what: `${lower} takes ${higher}`, path: `src/modules/${lower}/takes-${higher}.service.ts`, text: imports(`../${higher}/${higher}.types.js`) }));
    }),
  );
}
