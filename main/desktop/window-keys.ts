import type { Input } from 'electron';

/** What a key does to the window itself. Without an application menu there is nobody else who knows these keys. */
export type WindowKey = 'zoom-in' | 'zoom-out' | 'zoom-reset' | 'close' | 'quit';

type KeyPress = Pick<Input, 'type' | 'key' | 'control' | 'meta' | 'alt'>;

/** On macOS the application menu has these keys. */
export function windowKey(input: KeyPress, platform: NodeJS.Platform): WindowKey | null {
  if (platform === 'darwin' || input.type !== 'keyDown' || !input.control || input.meta || input.alt) return null;
  switch (input.key.toLowerCase()) {
    case '+':
    case '=':
      return 'zoom-in';
    case '-':
    case '_':
      return 'zoom-out';
    case '0':
      return 'zoom-reset';
    case 'w':
      return 'close';
    case 'q':
      return 'quit';
    default:
      return null;
  }
}

/** Zoom levels are powers of 1.2; 200 % and half of it are enough for reading. */
const ZOOM = { least: -4, most: 5 } as const;

export function zoomAfter(level: number, key: 'zoom-in' | 'zoom-out' | 'zoom-reset'): number {
  if (key === 'zoom-reset') return 0;
  return Math.min(Math.max(level + (key === 'zoom-in' ? 0.5 : -0.5), ZOOM.least), ZOOM.most);
}
