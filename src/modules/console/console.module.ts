import { Module } from '@nestjs/common';

import { ConsoleFiles } from './console-files.js';
import { ConsoleController } from './http/console.controller.js';

@Module({ controllers: [ConsoleController], providers: [ConsoleFiles] })
export class ConsoleModule {}
