import { createMigrationPool } from './src/platform/database/pool.js';
import { createDataSource } from './src/platform/database/data-source.js';
import { DatabaseConfig } from './src/platform/database/database.config.js';
import { SHARED_MIGRATIONS, TENANT_MIGRATIONS } from './src/platform/database/migrations/index.js';
import { schemaOf } from './src/platform/tenancy/schema-name.js';
import { ENTITIES } from './src/entities.js';
import { loadEnv } from './src/platform/config/env.js';

/**
 * For the TypeORM command line, after `npm run build`:
 *
 *     DATABASE_URL=postgres://… npx typeorm migration:show -d dist/ormconfig.js
 *     DATABASE_URL=postgres://… AI_STACK_TENANT=default npx typeorm migration:revert -d dist/ormconfig.js
 *
 * It works on the control plane, or on the schema of the tenant named by AI_STACK_TENANT.
 */
const url = loadEnv().DATABASE_URL;
if (!url) {
  throw new Error('Set DATABASE_URL to the database that the command is meant for. The embedded one prints its URL at start with LOG_LEVEL=debug.');
}
const tenant = process.env.AI_STACK_TENANT;
const schema = tenant ? schemaOf(tenant) : 'public';
const fail = (error: Error): void => void process.stderr.write(`The database connection was lost: ${error.message}\n`);

export default createDataSource({
  pool: createMigrationPool(new DatabaseConfig({ url, applicationName: 'typeorm cli' }), schema, fail),
  schema,
  entities: tenant ? ENTITIES.tenant : ENTITIES.control,
  migrations: tenant ? TENANT_MIGRATIONS : SHARED_MIGRATIONS,
  ownsPool: true,
});
