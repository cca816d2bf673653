import { Injectable } from '@nestjs/common';
import { storableJson } from '../../../platform/database/json.js';
import { limitOf, toPage, type Page, type PageStart } from '../../../platform/database/page.js';
import { TenantDatabase } from '../../../platform/tenancy/tenant-database.js';
import type { ConversationView, FeedbackFilter, FeedbackView, JudgedAnswer, MessageView, NewMessage } from '../conversation.types.js';

const view = `id, title, message_count AS "messageCount", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** Conversations by their owner: another user's id finds nothing. */
@Injectable()
export class ConversationStore {
  constructor(private readonly database: TenantDatabase) {}

  async create(id: string, userId: string, title: string, messages: NewMessage[]): Promise<void> {
    await this.database.transaction(async (_manager, sql) => {
      await this.database.query(`INSERT INTO ${sql.table('conversations')} (id, user_id, title) VALUES ($1, $2, $3)`, [id, userId, title]);
      await this.append(id, messages);
    });
  }

  async find(id: string, userId: string): Promise<ConversationView | undefined> {
    const [row] = await this.database.query<ConversationView>((sql) => `SELECT ${view} FROM ${sql.table('conversations')} WHERE id = $1 AND user_id = $2`, [id, userId]);
    return row;
  }

  /** Newest activity first; cursors are its microsecond and the id: `1795219200000000_019a…`. */
  async list(userId: string, start: PageStart): Promise<Page<ConversationView>> {
    const [counted] = await this.database.query<{ total: number }>((sql) => `SELECT count(*)::int AS total FROM ${sql.table('conversations')} WHERE user_id = $1`, [userId]);
    const [microsecond, id] = start.cursor?.split('_') ?? [];
    const after = start.cursor === undefined ? '' : `AND (updated_at, id) < (timestamptz 'epoch' + $2::float8 * interval '1 microsecond', $3::uuid)`;
    const rows = await this.database.query<ConversationView & { microsecond: string }>(
      (sql) => `SELECT ${view}, (extract(epoch FROM updated_at) * 1000000)::bigint::text AS microsecond
                FROM ${sql.table('conversations')} WHERE user_id = $1 ${after} ORDER BY updated_at DESC, id DESC ${limitOf(start)}`,
      [userId, ...(start.cursor === undefined ? [] : [microsecond, id])],
    );
    return toPage(rows, counted?.total ?? 0, start, (row) => `${row.microsecond}_${row.id}`);
  }

  async rename(id: string, userId: string, title: string): Promise<ConversationView | undefined> {
    const [row] = await this.database.query<ConversationView>(
      (sql) => `UPDATE ${sql.table('conversations')} SET title = $3, updated_at = now() WHERE id = $1 AND user_id = $2 RETURNING ${view}`,
      [id, userId, title],
    );
    return row;
  }

  async remove(id: string, userId: string): Promise<boolean> {
    const rows = await this.database.query((sql) => `DELETE FROM ${sql.table('conversations')} WHERE id = $1 AND user_id = $2 RETURNING id`, [id, userId]);
    return rows.length > 0;
  }

  /** One turn at once: the question and its answer, or neither. */
  async append(conversationId: string, messages: NewMessage[]): Promise<void> {
    await this.database.transaction(async (_manager, sql) => {
      await this.database.query(
        `INSERT INTO ${sql.table('messages')} (id, conversation_id, role, content, metadata)
         SELECT id, $1, role, content, metadata FROM unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[]) AS row (id, role, content, metadata)`,
        [conversationId, messages.map(({ id }) => id), messages.map(({ role }) => role), messages.map(({ content }) => content), messages.map(({ metadata = {} }) => storableJson(metadata))],
      );
      await this.database.query(`UPDATE ${sql.table('conversations')} SET message_count = message_count + $2, updated_at = now() WHERE id = $1`, [conversationId, messages.length]);
    });
  }

  /** The newest ones, oldest first. */
  async newest(conversationId: string, limit: number): Promise<MessageView[]> {
    const rows = await this.messages(`WHERE conversation_id = $1 ORDER BY id DESC LIMIT $2`, [conversationId, limit]);
    return rows.reverse();
  }

  /** Oldest first; cursors are ids. @param total how many the conversation has */
  async page(conversationId: string, total: number, start: PageStart): Promise<Page<MessageView>> {
    const after = start.cursor === undefined ? '' : 'AND id > $2';
    const rows = await this.messages(`WHERE conversation_id = $1 ${after} ORDER BY id ${limitOf(start)}`, [conversationId, ...(start.cursor === undefined ? [] : [start.cursor])]);
    return toPage(rows, total, start, ({ id }) => id);
  }

  /** An answer in one of the user's conversations, with the question before it. */
  async answer(messageId: string, userId: string): Promise<JudgedAnswer | undefined> {
    const [row] = await this.database.query<JudgedAnswer>(
      (sql) => `SELECT m.id, m.role, m.content, m.metadata, m.created_at AS "createdAt",
                       (SELECT q.content FROM ${sql.table('messages')} q WHERE q.conversation_id = m.conversation_id AND q.role = 'user' AND q.id < m.id ORDER BY q.id DESC LIMIT 1) AS question
                FROM ${sql.table('messages')} m JOIN ${sql.table('conversations')} c ON c.id = m.conversation_id
                WHERE m.id = $1 AND c.user_id = $2 AND m.role = 'assistant'`,
      [messageId, userId],
    );
    return row;
  }

  async addFeedback(feedback: Omit<FeedbackView, 'comment' | 'createdAt'> & { comment: string | undefined }): Promise<void> {
    await this.database.query(
      (sql) => `INSERT INTO ${sql.table('message_feedback')} (id, message_id, user_id, rating, comment, context) VALUES ($1, $2, $3, $4, $5, $6)`,
      [feedback.id, feedback.messageId, feedback.userId, feedback.rating, feedback.comment ?? null, storableJson(feedback.context)],
    );
  }

  /** The newest first. */
  feedback({ rating, from, to }: FeedbackFilter, limit: number, after: string | undefined): Promise<FeedbackView[]> {
    const parameters: unknown[] = [limit];
    const given = Object.entries({ 'rating =': rating, 'created_at >=': from, 'created_at <': to, 'id <': after }).filter(([, value]) => value !== undefined);
    const conditions = given.map(([comparison, value]) => `${comparison} $${parameters.push(value)}`);
    return this.database.query<FeedbackView>(
      (sql) => `SELECT id, message_id AS "messageId", user_id AS "userId", rating, comment, context, created_at AS "createdAt"
                FROM ${sql.table('message_feedback')} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY id DESC LIMIT $1`,
      parameters,
    );
  }

  private messages(where: string, parameters: unknown[]): Promise<MessageView[]> {
    return this.database.query<MessageView>((sql) => `SELECT id, role, content, metadata, created_at AS "createdAt" FROM ${sql.table('messages')} ${where}`, parameters);
  }
}
