/** A text with places that are filled when it is sent. */
export interface Template {
  readonly id: string;
  readonly name: string;
  /** BCP 47, such as pt-BR. */
  readonly language: string;
  readonly body: string;
  /** Of which session; null for every one. */
  readonly sessionId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
