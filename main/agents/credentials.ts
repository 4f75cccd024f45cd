/** Where secrets lie under names. */
export interface SecretSource {
  /** Null: there is no such secret. Throws when they cannot be read, so that a run does not start without its key. */
  get(name: string): string | null;
}

export interface CredentialsOptions {
  /** The names that agents may be given; everything else stays where it is. */
  readonly allowed: readonly string[];
  readonly secrets: SecretSource;
}

/**
 * The credentials for a run. They are read at its start and go to stdin alone: never into arguments, the environment,
 * the database or a log.
 */
export function credentialsFor({ allowed, secrets }: CredentialsOptions): Readonly<Record<string, string>> {
  const found = allowed.flatMap((name) => {
    const value = secrets.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
