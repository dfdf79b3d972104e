import { expectedColumns } from './expected-columns.js';

describe(expectedColumns.name, () => {
  it('names tables and columns as the database does, and leaves relations and comments out', () => {
    const schema = `
generator client {
  provider = "prisma-client"
}

/// model Hidden { id String }
model SessionGrant {
  userId    String   @map("user_id") /// @map("not_this")
  user      User     @relation(fields: [userId], references: [id], map: "fk_user")
  kind      Kind     @default(READ)
  createdAt DateTime @default(now()) @map(name: "created_at") @db.Timestamptz(3)
  tags      String[]
  tx        Unsupported("xid8")
  skipped   String   @ignore

  @@id([userId, kind], map: "pk")
  @@index([createdAt])
  @@map("session_grant")
}

model User {
  id     String         @id
  grants SessionGrant[]
}

enum Kind {
  READ
  WRITE
}
`;
    expect([...expectedColumns(schema)]).toEqual([
      ['session_grant', ['user_id', 'kind', 'created_at', 'tags', 'tx']],
      ['User', ['id']],
    ]);
  });
});
