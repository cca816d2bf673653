import { writeFileSync } from 'node:fs';
import { envExample } from './support/env-example.js';
import { inProject } from './support/project.js';

// Writes .env.example from the schema of src/platform/config/env.ts; `npm run build` comes first.
writeFileSync(inProject('.env.example'), await envExample());
