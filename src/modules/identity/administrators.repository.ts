import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';

/** Who is told when the installation needs somebody. */
export interface Administrator {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

const IS_ADMINISTRATOR = { role: 'ADMIN', disabledAt: null } as const satisfies Prisma.UserWhereInput;
const COLUMNS = { id: true, email: true, name: true } as const satisfies Prisma.UserSelect;

/** The people with the role ADMIN who can sign in. */
@Injectable()
export class Administrators {
  constructor(private readonly prisma: PrismaService) {}

  findAll(db: Prisma.TransactionClient = this.prisma): Promise<readonly Administrator[]> {
    return db.user.findMany({ where: IS_ADMINISTRATOR, select: COLUMNS, orderBy: { id: 'asc' } });
  }

  findById(id: string): Promise<Administrator | null> {
    return this.prisma.user.findFirst({ where: { ...IS_ADMINISTRATOR, id }, select: COLUMNS });
  }
}
