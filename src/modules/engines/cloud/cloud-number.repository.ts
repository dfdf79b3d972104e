import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../../generated/prisma/client.js';
import { PrismaService } from '../../../platform/prisma/prisma.service.js';
import type { CloudNumber, CloudNumberIds } from './cloud-number.js';

const WITH_SECRETS = {
  sessionId: true,
  phoneNumberId: true,
  accountId: true,
  accessToken: true,
  appSecret: true,
  verifyToken: true,
} as const;

export interface ShownNumber extends CloudNumberIds {
  readonly updatedAt: Date;
}

/** The numbers of cloud sessions; their secrets as they are sealed. */
@Injectable()
export class CloudNumberRepository {
  constructor(private readonly prisma: PrismaService) {}

  find(sessionId: string): Promise<ShownNumber | null> {
    const select = { phoneNumberId: true, accountId: true, updatedAt: true } as const;
    return this.prisma.cloudNumber.findUnique({ where: { sessionId }, select });
  }

  findWithSecrets(sessionId: string): Promise<CloudNumber | null> {
    return this.prisma.cloudNumber.findUnique({ where: { sessionId }, select: WITH_SECRETS });
  }

  findAllWithSecrets(): Promise<readonly CloudNumber[]> {
    return this.prisma.cloudNumber.findMany({ select: WITH_SECRETS, orderBy: { sessionId: 'asc' } });
  }

  /** Given as sealed. */
  async save({ sessionId, ...number }: CloudNumber, db: Prisma.TransactionClient): Promise<ShownNumber> {
    return db.cloudNumber.upsert({
      where: { sessionId },
      create: { sessionId, ...number },
      update: number,
      select: { phoneNumberId: true, accountId: true, updatedAt: true },
    });
  }

  async remove(sessionId: string): Promise<void> {
    await this.prisma.cloudNumber.deleteMany({ where: { sessionId } });
  }
}
