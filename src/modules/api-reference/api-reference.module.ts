import { Module } from '@nestjs/common';

import { ApiReferenceController } from './http/api-reference.controller.js';

@Module({ controllers: [ApiReferenceController] })
export class ApiReferenceModule {}
