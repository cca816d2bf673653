import { compile } from './support/compile.js';

// `npm run build`: compiles everything into dist. Fails on a type error, although output is written.
const { code, output } = await compile();
process.stdout.write(output);
process.exitCode = code;
