import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditLog } from '../../../platform/audit/audit-log.js';
import type { JsonObject } from '../../../platform/database/json.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import { PersonalityExistsError, PersonalityNotFoundError, TooManyPersonalitiesError } from '../engine.errors.js';
import type { NewPersonality, Personality, PersonalityChange } from '../personality.types.js';

const columns = {
  name: 'name', description: 'description', systemPrompt: 'system_prompt', tone: 'tone', model: 'model', temperature: 'temperature', tools: 'tools',
} as const satisfies Record<keyof NewPersonality, string>;
const fields = Object.keys(columns) as (keyof NewPersonality)[];
const view = `id, name, description, system_prompt AS "systemPrompt", tone, model, temperature, tools, created_at AS "createdAt", updated_at AS "updatedAt"`;
const mostPersonalities = 1_000;
const uniqueViolation = '23505';

/** Personalities of the tenant; every change leaves its trace in the audit trail. */
@Injectable()
export class PersonalityStore {
  constructor(
    private readonly database: TenantDatabase,
    private readonly audit: AuditLog,
  ) {}

  async find(id: string): Promise<Personality | undefined> {
    const [row] = await this.database.query<Personality>((sql) => `SELECT ${view} FROM ${sql.table('personalities')} WHERE id = $1`, [id]);
    return row;
  }

  /** By name. */
  async list(page: number, pageSize: number): Promise<{ items: Personality[]; total: number }> {
    const items = await this.database.query<Personality>((sql) => `SELECT ${view} FROM ${sql.table('personalities')} ORDER BY name LIMIT $1 OFFSET $2`, [pageSize, (page - 1) * pageSize]);
    return { items, total: await this.count() };
  }

  /** @throws PersonalityExistsError, TooManyPersonalitiesError */
  insert(wanted: NewPersonality): Promise<Personality> {
    const values = fields.map((field) => wanted[field] ?? null);
    return this.change(wanted.name, 'engine.personality_created', {}, async () => {
      if ((await this.count()) >= mostPersonalities) throw new TooManyPersonalitiesError(mostPersonalities);
      return this.database.query<Personality>(
        (sql) => `INSERT INTO ${sql.table('personalities')} (id, ${fields.map((field) => columns[field]).join(', ')}) VALUES ($1, ${fields.map((_, at) => `$${at + 2}`).join(', ')}) RETURNING ${view}`,
        [uuidv7(), ...values],
      );
    });
  }

  /** @throws PersonalityNotFoundError, PersonalityExistsError */
  update(id: string, change: PersonalityChange): Promise<Personality> {
    const changed = fields.filter((field) => change[field] !== undefined);
    const assignments = ['updated_at = now()', ...changed.map((field, at) => `${columns[field]} = $${at + 2}`)].join(', ');
    return this.change(change.name ?? '', 'engine.personality_changed', { changed: changed.map((field) => columns[field]) }, async () => {
      const rows = await this.database.query<Personality>((sql) => `UPDATE ${sql.table('personalities')} SET ${assignments} WHERE id = $1 RETURNING ${view}`, [id, ...changed.map((field) => change[field])]);
      if (rows.length === 0) throw new PersonalityNotFoundError(id);
      return rows;
    });
  }

  /** @throws PersonalityNotFoundError */
  async remove(id: string): Promise<void> {
    await this.change('', 'engine.personality_deleted', {}, async () => {
      const rows = await this.database.query<Personality>((sql) => `DELETE FROM ${sql.table('personalities')} WHERE id = $1 RETURNING ${view}`, [id]);
      if (rows.length === 0) throw new PersonalityNotFoundError(id);
      return rows;
    });
  }

  /** The change and its entry in the audit trail: both or neither. */
  private async change(name: string, action: string, detail: JsonObject, work: () => Promise<Personality[]>): Promise<Personality> {
    try {
      return await this.database.transaction(async (manager) => {
        const [made] = (await work()) as [Personality];
        await this.audit.record(manager, { action, subject: made.name, detail: { id: made.id, ...detail } });
        return made;
      });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === uniqueViolation) throw new PersonalityExistsError(name);
      throw error;
    }
  }

  private async count(): Promise<number> {
    const [counted] = await this.database.query<{ total: number }>((sql) => `SELECT count(*)::int AS total FROM ${sql.table('personalities')}`);
    return counted?.total ?? 0;
  }
}
