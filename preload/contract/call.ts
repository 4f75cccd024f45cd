/** One call: what is given, and what comes back. */
export interface Call<Args, Result> {
  readonly args: Args;
  readonly result: Result;
}
/** The arguments of a call that takes none. */
export type Nothing = Record<never, never>;
