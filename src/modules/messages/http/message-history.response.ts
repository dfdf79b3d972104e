export class MessageCleanupResponse {
  /** True: nothing was removed. */
  readonly dryRun: boolean;
  /** Messages that went, or would go. */
  readonly messages: number;

  private constructor(messages: number, isDryRun: boolean) {
    this.dryRun = isDryRun;
    this.messages = messages;
  }

  static from(messages: number, isDryRun: boolean): MessageCleanupResponse {
    return new MessageCleanupResponse(messages, isDryRun);
  }
}
