/** PostgreSQL settings by name, e.g. `{ shared_buffers: '128MB' }`. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/**
 * Durable and small. Given on the command line at every start, so that a new release's values also reach
 * databases made by an older one.
 */
const DEFAULTS: Settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: 60,
  shared_buffers: '96MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  random_page_cost: 1.1,
  max_wal_size: '512MB',
  autovacuum_max_workers: 2,
  io_workers: 2,
  max_logical_replication_workers: 0,
  jit: 'off',
  timezone: 'UTC',
  shared_preload_libraries: 'pg_stat_statements',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %d ',
  // Statements and row values can hold what people wrote; errors reach the application anyway.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

/** Later sources win: defaults, the caller's wishes, then what the launcher cannot give up. */
export function settingArguments(wishes: Settings, fixed: Settings): string[] {
  const all = { ...DEFAULTS, ...wishes, ...fixed };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]);
}
