import { useCallback, useState } from 'react';

interface Copying {
  /** Whether the text is in the clipboard, until `forget`. */
  readonly copied: boolean;
  readonly copy: () => void;
  readonly forget: () => void;
}

/** Puts `text` into the clipboard when asked. */
export function useCopy(text: string): Copying {
  const [copied, setCopied] = useState(false);
  const copy = useCallback(() => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  }, [text]);
  const forget = useCallback(() => setCopied(false), []);
  return { copied, copy, forget };
}
