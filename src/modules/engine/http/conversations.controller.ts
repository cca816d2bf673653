import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Respond } from '../../../platform/http/respond.js';
import { idParam, toPageStart, uuidCursorQuery, type CursorQuery } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { ConversationService } from '../conversation.service.js';
import { conversationListQuery, updateConversationRequest, type UpdateConversationRequest } from './conversation.request.js';
import { conversationPageResponse, conversationResponse, messagePageResponse, toConversationResponse, toMessageResponse } from './conversation.response.js';

@ApiTags('conversations')
@Controller('conversations')
@Access('answers:ask')
export class ConversationsController {
  constructor(private readonly conversations: ConversationService) {}

  @Get()
  @Respond({ summary: 'List own conversations', description: 'Newest activity first. Read with `cursor`, one that goes on meanwhile moves to the front and is not met again.', body: conversationPageResponse })
  async listConversations(@Query({ schema: conversationListQuery }) query: CursorQuery) {
    const { items, total, nextCursor } = await this.conversations.list(toPageStart(query));
    return { items: items.map(toConversationResponse), total, page: query.page, page_size: query.page_size, next_cursor: nextCursor };
  }

  @Get(':id')
  @Respond({ summary: 'One conversation', body: conversationResponse, errors: [404] })
  async getConversation(@Param({ schema: idParam }) { id }: { id: string }) {
    return toConversationResponse(await this.conversations.get(id));
  }

  @Get(':id/messages')
  @Respond({ summary: 'Messages of a conversation', description: 'Oldest first. Answers carry their citations and quality in `metadata`.', body: messagePageResponse, errors: [404] })
  async listConversationMessages(@Param({ schema: idParam }) { id }: { id: string }, @Query({ schema: uuidCursorQuery }) query: CursorQuery) {
    const { items, total, nextCursor } = await this.conversations.messages(id, toPageStart(query));
    return { items: items.map(toMessageResponse), total, page: query.page, page_size: query.page_size, next_cursor: nextCursor };
  }

  @Patch(':id')
  @Respond({ summary: 'Rename a conversation', body: conversationResponse, errors: [404] })
  async updateConversation(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: updateConversationRequest }) { title }: UpdateConversationRequest) {
    return toConversationResponse(await this.conversations.rename(id, title));
  }

  @Delete(':id')
  @Respond({ summary: 'Delete a conversation', description: 'With its messages and feedback.', status: 204, errors: [404] })
  async deleteConversation(@Param({ schema: idParam }) { id }: { id: string }): Promise<void> {
    await this.conversations.remove(id);
  }
}
