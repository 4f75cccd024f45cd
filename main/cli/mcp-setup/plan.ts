/** One file as it is and as it will be; null stands for no file. */
export interface Change {
  readonly file: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a client needs to have changed. */
export interface Plan {
  /** The folder that the files are shown relative to. */
  readonly base: string;
  readonly changes: readonly Change[];
  /** The role that the client was connected for; null: none was named. */
  readonly role: string | null;
  /** What the person does next; never a token. */
  readonly next: string;
}
