import type { Rectangle } from 'electron';

/** Where a window was, in device-independent pixels. */
export interface WindowPlace {
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

export const SMALLEST = { width: 640, height: 480 } as const;
const USUAL = { width: 1120, height: 760 } as const;
/** This much of the title bar must be on a display, or the person cannot drag the window back. */
const GRIP = { width: 96, height: 24 } as const;

/**
 * Where to open a window: its old place, cut down and moved so that it lies on one display, or centred on the first
 * display when its title bar would be out of reach. `workAreas` holds at least one display, the primary one first.
 */
export function placeOnDisplays(place: WindowPlace | null, workAreas: readonly [Rectangle, ...Rectangle[]]): WindowPlace {
  const home = place === null ? undefined : workAreas.find((area) => gripReachable(place.bounds, area));
  if (place === null || home === undefined) {
    return { bounds: centred(place?.bounds ?? USUAL, workAreas[0]), maximized: place?.maximized ?? false };
  }
  const { width, height } = fit(place.bounds, home);
  return {
    bounds: {
      x: clamp(place.bounds.x, home.x, home.x + home.width - width),
      y: clamp(place.bounds.y, home.y, home.y + home.height - height),
      width,
      height,
    },
    maximized: place.maximized,
  };
}

/** A place read from a file: null when it is not one. */
export function parsePlace(value: unknown): WindowPlace | null {
  if (typeof value !== 'object' || value === null || !('bounds' in value) || !('maximized' in value)) return null;
  const { bounds, maximized } = value;
  if (typeof bounds !== 'object' || bounds === null || typeof maximized !== 'boolean') return null;
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((key) => (bounds as Record<string, unknown>)[key]);
  if (!isInteger(x) || !isInteger(y) || !isInteger(width) || !isInteger(height)) return null;
  return { bounds: { x, y, width, height }, maximized };
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function gripReachable(bounds: Rectangle, area: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const down = Math.min(bounds.y + GRIP.height, area.y + area.height) - Math.max(bounds.y, area.y);
  return across >= GRIP.width && down >= GRIP.height;
}

function centred(size: { readonly width: number; readonly height: number }, area: Rectangle): Rectangle {
  const { width, height } = fit(size, area);
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}

function fit(size: { readonly width: number; readonly height: number }, area: Rectangle): { readonly width: number; readonly height: number } {
  return {
    width: Math.min(Math.max(size.width, SMALLEST.width), area.width),
    height: Math.min(Math.max(size.height, SMALLEST.height), area.height),
  };
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest);
}
