import { ENTITIES } from './src/entities.js';
import { loadEnv } from './src/platform/config/env.js';
import { createDataSource } from './src/platform/database/data-source.js';
import { DatabaseConfig } from './src/platform/database/database.config.js';
import { locateDatabase } from './src/platform/database/locate-database.js';
import { SHARED_MIGRATIONS, TENANT_MIGRATIONS } from './src/platform/database/migrations/index.js';
import { createMigrationPool } from './src/platform/database/pool.js';
import { schemaOf } from './src/platform/tenancy/schema-name.js';
import { TenantNotFoundError } from './src/platform/tenancy/tenancy.errors.js';

/**
 * For the TypeORM command line, after `npm run build`:
 *
 *     npx typeorm migration:show -d dist/ormconfig.js
 *     AI_STACK_TENANT=default npx typeorm migration:revert -d dist/ormconfig.js
 *
 * It works on the control plane, or on the schema of the tenant named by AI_STACK_TENANT; in the database of DATABASE_URL,
 * or in the embedded one, whether the server runs or not.
 */
const env = loadEnv();
const tenant = process.env.AI_STACK_TENANT;
const schema = tenant ? schemaOf(tenant) : 'public';
const located = await locateDatabase({ url: env.DATABASE_URL, dataDirectory: env.AI_STACK_DATA_DIR });
const pool = createMigrationPool(
  new DatabaseConfig({ url: located.url, applicationName: 'typeorm cli' }),
  schema,
  (error) => void process.stderr.write(`The database connection was lost: ${error.message}\n`),
);
const end = async (): Promise<void> => {
  await pool.end();
  await located.release();
};

const { rowCount } = await pool.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
if (tenant && !rowCount) {
  await end();
  throw new TenantNotFoundError(tenant);
}

export default createDataSource({
  pool,
  schema,
  entities: tenant ? ENTITIES.tenant : ENTITIES.control,
  migrations: tenant ? TENANT_MIGRATIONS : SHARED_MIGRATIONS,
  onDestroy: end,
});
