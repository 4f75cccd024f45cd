import { useEffect, useState } from 'react';

/** A value that is being typed, once it has rested: what follows from it costs a call to the core. */
export function useResting<T>(value: T, restMs = 180): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested;
}
