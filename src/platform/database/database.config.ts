/** Settings of the database connection. Times are milliseconds. */
export interface DatabaseSettings {
  /** `postgres://user:password@host:port/name`, or with `?host=/folder` a unix socket. */
  url: string;
  /** Connections that this process keeps at most; migrations use up to four more for a moment. */
  poolSize?: number;
  /** A statement that runs longer is cancelled by the server; 0 = never. */
  statementTimeoutMs?: number;
  /** How long work waits for a free connection before it fails. */
  connectionTimeoutMs?: number;
  /** How long the start waits for a database that is not there yet. */
  startTimeoutMs?: number;
  /** Tenants whose metadata stays in memory (about 0.13 MB each). */
  tenantCacheSize?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Whether starting applies the pending migrations. */
  migrateOnStart?: boolean;
}

/** The settings with their defaults; the class is the injection token. */
export class DatabaseConfig {
  readonly url: string;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly tenantCacheSize: number;
  readonly applicationName: string;
  readonly migrateOnStart: boolean;

  constructor(settings: DatabaseSettings) {
    this.url = settings.url;
    this.poolSize = settings.poolSize ?? 16;
    this.statementTimeoutMs = settings.statementTimeoutMs ?? 30_000;
    this.connectionTimeoutMs = settings.connectionTimeoutMs ?? 10_000;
    this.startTimeoutMs = settings.startTimeoutMs ?? 30_000;
    this.tenantCacheSize = settings.tenantCacheSize ?? 200;
    this.applicationName = settings.applicationName ?? 'ai-stack';
    this.migrateOnStart = settings.migrateOnStart ?? true;
  }
}
