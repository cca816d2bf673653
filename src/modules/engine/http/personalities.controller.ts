import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam, pageQuery, type PageQuery } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { PersonalityService } from '../personality.service.js';
import { createPersonalityRequest, updatePersonalityRequest, type CreatePersonalityRequest, type UpdatePersonalityRequest } from './personality.request.js';
import { personalityPageResponse, personalityResponse, toPersonalityResponse } from './personality.response.js';

@ApiTags('personalities')
@Controller('v1/personalities')
export class PersonalitiesController {
  constructor(private readonly personalities: PersonalityService) {}

  @Get()
  @Access('personalities:read')
  @Respond({ summary: 'List personalities', description: 'By name.', body: personalityPageResponse })
  async listPersonalities(@Query({ schema: pageQuery }) { page, page_size }: PageQuery) {
    const { items, total } = await this.personalities.list(page, page_size);
    return { items: items.map(toPersonalityResponse), total, page, page_size };
  }

  @Post()
  @Access('personalities:manage')
  @Idempotent()
  @Respond({ summary: 'Add a personality', description: 'Questions choose it by its id (`personality_id`). Kept in the audit trail, as every change of it.', status: 201, body: personalityResponse, errors: [409] })
  async createPersonality(@Body({ schema: createPersonalityRequest }) { system_prompt, ...details }: CreatePersonalityRequest) {
    return toPersonalityResponse(await this.personalities.create({ systemPrompt: system_prompt, ...details }));
  }

  @Get(':id')
  @Access('personalities:read')
  @Respond({ summary: 'One personality', body: personalityResponse, errors: [404] })
  async getPersonality(@Param({ schema: idParam }) { id }: { id: string }) {
    return toPersonalityResponse(await this.personalities.get(id));
  }

  @Patch(':id')
  @Access('personalities:manage')
  @Respond({ summary: 'Change a personality', description: 'What is absent stays, null removes. Holds for questions that begin later: here at once, on other processes as soon as they hear of it.', body: personalityResponse, errors: [404, 409] })
  async updatePersonality(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: updatePersonalityRequest }) { system_prompt, ...details }: UpdatePersonalityRequest) {
    return toPersonalityResponse(await this.personalities.update(id, { systemPrompt: system_prompt, ...details }));
  }

  @Delete(':id')
  @Access('personalities:manage')
  @Respond({ summary: 'Delete a personality', status: 204, errors: [404] })
  async deletePersonality(@Param({ schema: idParam }) { id }: { id: string }) {
    await this.personalities.remove(id);
  }
}
