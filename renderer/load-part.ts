/** Pauses between the tries, in milliseconds: about a minute in all. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

/**
 * Fetches a part of the windows (a page, a catalogue) that is loaded later than the first one. Parts come from the core,
 * which may be away for a moment, so a fetch that failed is tried again.
 * @throws what the last fetch failed with, after about a minute
 */
export async function loadPart<T>(fetchPart: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await fetchPart();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  return fetchPart();
}
