import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Database } from '../database/database.js';

const secretBytes = 32;

/** Secrets of the installation, made at their first use. They stand beside the keys that sign tokens: whoever reads that table can be any caller anyway. */
@Injectable()
export class ServerSecrets {
  private readonly known = new Map<string, Promise<Buffer>>();

  constructor(private readonly database: Database) {}

  /** The same 32 bytes on every process, for ever. */
  get(name: string): Promise<Buffer> {
    let secret = this.known.get(name);
    if (!secret) {
      secret = this.read(name);
      this.known.set(name, secret);
      secret.catch(() => this.known.delete(name));
    }
    return secret;
  }

  private async read(name: string): Promise<Buffer> {
    const { pool } = this.database;
    await pool.query('INSERT INTO public.server_secrets (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING', [name, randomBytes(secretBytes)]);
    const { rows } = await pool.query<{ secret: Buffer }>('SELECT secret FROM public.server_secrets WHERE name = $1', [name]);
    const [row] = rows;
    if (!row) throw new TypeError(`The secret ${name} is gone`);
    return row.secret;
  }
}
