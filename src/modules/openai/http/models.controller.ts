import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { ModelCatalogService } from '../model-catalog.service.js';
import { modelListResponse, modelParam, modelResponse, toModelResponse } from './model.response.js';

@ApiTags('openai')
@Controller('v1/models')
@Access('answers:ask')
export class ModelsController {
  constructor(private readonly models: ModelCatalogService) {}

  @Get()
  @Respond({ summary: 'List what can be asked, as models', description: '`ai-stack` answers from all documents with the current engine, `engine:<engine>` with that engine and no other, `rag:<collection>` from one collection (the first thousand by name).', body: modelListResponse })
  async listModels() {
    return { object: 'list' as const, data: (await this.models.list()).map(toModelResponse) };
  }

  @Get(':id')
  @Respond({ summary: 'One model', body: modelResponse, errors: [404] })
  async getModel(@Param({ schema: modelParam }) { id }: { id: string }) {
    return toModelResponse(await this.models.get(id));
  }
}
