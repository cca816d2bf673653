import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextIngestService } from '../modules/rag/text-ingest.service.js';
import { defaultTenantSlug } from '../modules/tenants/owner.service.js';
import { TenantDatabase } from '../platform/tenancy/tenant-database.js';
import { TenantService, tenantContext } from '../platform/tenancy/tenant.service.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Loads this project's own documents, Chinese and English, so that the first question has an answer. Twice is once. */
export async function loadDemo(app: NestFastifyApplication): Promise<void> {
  const tenant = tenantContext(await app.get(TenantService).bySlug(defaultTenantSlug));
  const texts = app.get(TextIngestService);
  await app.get(TenantDatabase).forTenant(tenant, async () => {
    for (const path of await demoFiles()) {
      const text = await readFile(path, 'utf8');
      await texts.ingest({ text, title: /^#\s+(.+)$/m.exec(text)?.[1] ?? basename(path), source: path.slice(root.length) });
    }
  });
}

/** Those that explain in prose. Lists of links, measurements and worked examples repeat the words of questions and answer few. */
async function demoFiles(): Promise<string[]> {
  const named = async (folder: string, pattern: RegExp) => (await readdir(join(root, folder)).catch(() => [])).filter((name) => pattern.test(name)).map((name) => join(folder, name));
  const [decisions, chinese] = [await named('docs/adr', /^\d{4}.*\.md$/), await named('docs/zh', /\.md$/)];
  return ['README.md', 'docs/ARCHITECTURE.md', ...decisions, ...chinese].map((path) => join(root, path));
}
