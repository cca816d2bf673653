import { z } from 'zod';

const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1');

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/ });
const price = z.number().min(0);
const prices = z
  .string()
  .transform((value, context): unknown => {
    try {
      return JSON.parse(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `is not JSON: ${String(error)}` });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.strictObject({ prompt: price, completion: price })));
const origins = text.transform((value) => value.split(',').map((origin) => origin.trim().replace(/\/$/, ''))).pipe(z.array(z.url({ protocol: /^https?$/ })).max(100));
const proxies = text
  .transform((value) => (value === 'true' ? 1 : value === 'false' ? 0 : /^\d$/.test(value) ? Number(value) : value.split(',').map((address) => address.trim())))
  .pipe(z.union([z.number(), z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).max(100)], 'must be a number of proxies up to 9, or their addresses: 10.0.0.1,fd00::/8'));
const count = (from: number, to: number) => z.coerce.number().int().min(from).max(to);

/**
 * Every variable the product reads, once: type, bounds, default and meaning.
 * `.env.example` is compared with this list by a test.
 */
export const envSchema = z.object({
  HOST: text.default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all'),
  PORT: count(0, 65_535).default(3000).describe('Port to listen on; 0 picks a free one'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Least level that is logged'),
  AI_STACK_DATA_DIR: text.default('./data').describe('Folder for the embedded database, uploaded files and index snapshots'),
  AI_STACK_OWNER_KEY: z.string().min(16).max(200).optional().describe('Owner API key of the tenant "default"; made at the first start when absent; another one replaces it, a revoked one is refused'),
  TRUST_PROXY: proxies.default(0).describe('Reverse proxies in front, each of which adds to X-Forwarded-For: their addresses and networks, or how many there are (true: 1) when nobody can reach this port past them'),
  SHUTDOWN_TIMEOUT_SECONDS: count(1, 300).default(15).describe('How long accepted requests may take to finish at shutdown'),

  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe('An outside PostgreSQL 15 or newer; absent: the embedded server'),
  DATABASE_POOL_SIZE: count(2, 500).default(16).describe('Connections that one process holds at most'),
  DATABASE_STATEMENT_TIMEOUT_MS: count(100, 600_000).default(30_000).describe('A statement that takes longer is cancelled'),

  RATE_LIMIT_PER_MINUTE: count(0, 10_000_000).default(60_000).describe('Requests a key may make per minute and process; 0 switches the limit off'),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: count(0, 10_000_000).default(600).describe('The same for an address without a valid key; the addresses of an IPv6 network (/64) count as one'),
  WEBSOCKET_ORIGINS: origins.optional().describe('Pages that may open WebSockets beside those of this server: https://a.example,https://b.example'),
  BODY_LIMIT_MB: count(1, 100).default(5).describe('Largest JSON body; files are not JSON and have their own limit'),
  UPLOAD_LIMIT_MB: count(1, 10_240).default(100).describe('Largest uploaded file'),
  UPLOAD_MAX_FILES: count(1, 1000).default(100).describe('Most files in one upload'),

  INGEST_CONCURRENCY: count(1, 16).default(1).describe('Child processes that parse documents'),
  INGEST_TIMEOUT_SECONDS: count(5, 3600).default(300).describe('A document that takes longer fails'),
  INGEST_MEMORY_MB: count(128, 8192).default(1024).describe('A parsing process above this is ended and its document fails'),
  AI_STACK_USER_DICTIONARY: text.optional().describe('File of Chinese words that are not to be divided, one a line, as jieba reads them: word, frequency, part of speech; the last two may be left out'),
  INDEX_MEMORY_MB: count(32, 65_536).default(512).describe('Memory for open index replicas; least used tenants are closed above it'),
  CACHE_MEMORY_MB: count(1, 16_384).default(16).describe('Memory for the in-process cache'),
  ANALYTICS_RETENTION_MONTHS: count(1, 120).default(13).describe('Request statistics are kept for so many months before the current one'),

  STREAM_RESUME_SECONDS: count(0, 3600).default(5).describe('How long a streamed answer waits for a client whose connection broke, before the work stops; 0: not at all'),

  LLM_BASE_URL: url.optional().describe('OpenAI-compatible endpoint, e.g. http://127.0.0.1:11434/v1; absent: answers are extracted sentences'),
  LLM_API_KEY: text.optional().describe('Its key'),
  LLM_MODEL: text.optional().describe('Its chat model; required with LLM_BASE_URL'),
  LLM_TIMEOUT_SECONDS: count(1, 600).default(60).describe('Longest wait for the next piece of an answer'),
  LLM_CONTEXT_TOKENS: count(1_024, 2_000_000).default(8_192).describe('Tokens that it takes, prompt and answer together'),
  ENGINE_HEALTH_SECONDS: count(0, 3600).default(5).describe('How often engines with a server of their own are asked for their health; 0 never'),
  ENGINE_RETRY_SECONDS: count(1, 3600).default(10).describe('An engine that is down is tried again after this long'),
  ENGINE_PRICES: prices.optional().describe('Price of a million tokens by model, as JSON: {"gpt-x":{"prompt":0.15,"completion":0.6}}'),
  ENGINE_SCRIPTED: flag.default(false).describe('true adds the engine `scripted`, whose answers are written in the questions: for tests and load runs'),
  MEMORY_EXTRACTION: z.enum(['rules', 'llm']).optional().describe('Who finds what of a conversation is worth remembering; absent: the language model where there is one, else rules'),
  MEM0_BASE_URL: url.optional().describe('A mem0 server; adds the engine `mem0_proxy`, whose memories are kept there'),
  MEM0_API_KEY: text.optional().describe('Its key'),
  MEM0_FORM: z.enum(['server', 'platform']).default('server').describe('How it speaks: `server` the self-hosted one, `platform` api.mem0.ai'),
  EMBEDDING_BASE_URL: url.optional().describe('OpenAI-compatible endpoint for embeddings; absent: built-in lexical embedding'),
  EMBEDDING_API_KEY: text.optional().describe('Its key'),
  EMBEDDING_MODEL: text.max(200).optional().describe('Its model; required with EMBEDDING_BASE_URL'),
  EMBEDDING_DIMENSIONS: count(8, 4096).optional().describe('Length of its vectors; absent: the model is asked once, at the first start with it'),
  OPEN_WEBUI_JWT_SECRET: z.string().min(16).max(500).optional().describe('Secret with which Open WebUI signs X-OpenWebUI-User-Jwt; absent: the header is not read'),
});

export type Env = z.infer<typeof envSchema>;

const pairs: [keyof Env, keyof Env][] = [
  ['LLM_BASE_URL', 'LLM_MODEL'],
  ['EMBEDDING_BASE_URL', 'EMBEDDING_MODEL'],
];

export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee .env.example for every variable.`);
    this.name = 'ConfigError';
  }
}

/** @throws ConfigError naming every fault at once. Empty strings count as absent. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = envSchema.safeParse(given);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => describeFault(String(issue.path[0]), issue.message, given));
  for (const [needs, needed] of pairs) {
    if (given[needs] && !given[needed]) faults.push(`${needed} is missing: it is required with ${needs}`);
  }
  if (given.MEMORY_EXTRACTION === 'llm' && !given.LLM_BASE_URL) faults.push('LLM_BASE_URL is missing: it is required with MEMORY_EXTRACTION=llm');
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return parsed.data;
}

function describeFault(name: string, message: string, given: Record<string, string | undefined>): string {
  const secret = /KEY|PASSWORD|SECRET|DATABASE_URL/.test(name);
  const meaning = envSchema.shape[name as keyof Env]?.description;
  return `${name}=${secret ? '…' : JSON.stringify(given[name])}: ${message}${meaning ? ` (${meaning})` : ''}`;
}

export function loadEnv(): Env {
  return parseEnv(process.env);
}
