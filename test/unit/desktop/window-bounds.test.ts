import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlace, placeOnDisplays, type WindowPlace } from '../../../main/desktop/window-bounds.ts';

const LAPTOP = { x: 0, y: 0, width: 1440, height: 860 };
const SECOND = { x: 1440, y: -200, width: 1920, height: 1040 };
const at = (x: number, y: number, width = 1000, height = 700, maximized = false): WindowPlace => ({ bounds: { x, y, width, height }, maximized });

describe('where a window opens', () => {
  it('is the middle of the first display, the first time', () => {
    expect(placeOnDisplays(null, [LAPTOP, SECOND]).bounds).toEqual({ x: 160, y: 50, width: 1120, height: 760 });
  });

  it('is its old place, on any display', () => {
    expect(placeOnDisplays(at(200, 100), [LAPTOP]).bounds).toEqual({ x: 200, y: 100, width: 1000, height: 700 });
    expect(placeOnDisplays(at(1700, -100), [LAPTOP, SECOND]).bounds).toEqual({ x: 1700, y: -100, width: 1000, height: 700 });
  });

  it('is the middle of the first display when the other one was unplugged, in its old size', () => {
    expect(placeOnDisplays(at(1700, -100), [LAPTOP]).bounds).toEqual({ x: 220, y: 80, width: 1000, height: 700 });
  });

  it('is moved in when it hangs over an edge', () => {
    expect(placeOnDisplays(at(900, 300), [LAPTOP]).bounds).toEqual({ x: 440, y: 160, width: 1000, height: 700 });
    expect(placeOnDisplays(at(-300, 100), [LAPTOP]).bounds).toEqual({ x: 0, y: 100, width: 1000, height: 700 });
  });

  it('is the middle when the title bar is out of reach above the display', () => {
    expect(placeOnDisplays(at(100, -60), [LAPTOP]).bounds).toEqual({ x: 220, y: 80, width: 1000, height: 700 });
  });

  it('keeps whether it was maximised', () => {
    expect(placeOnDisplays(at(100, 100, 1000, 700, true), [LAPTOP]).maximized).toBe(true);
    expect(placeOnDisplays(at(9000, 100, 1000, 700, true), [LAPTOP]).maximized).toBe(true);
  });

  it('lies on one display entirely, whatever was remembered', () => {
    const number = fc.integer({ min: -5000, max: 5000 });
    const size = fc.integer({ min: 0, max: 6000 });
    const areas = fc.record({ x: number, y: number, width: fc.integer({ min: 300, max: 4000 }), height: fc.integer({ min: 200, max: 3000 }) });
    fc.assert(
      fc.property(number, number, size, size, areas, areas, (x, y, width, height, first, second) => {
        const { bounds } = placeOnDisplays(at(x, y, width, height), [first, second]);
        const inside = [first, second].map(
          (area) =>
            bounds.x >= area.x && bounds.y >= area.y && bounds.x + bounds.width <= area.x + area.width && bounds.y + bounds.height <= area.y + area.height,
        );
        expect(inside).toContain(true);
      }),
    );
  });
});

describe('a remembered place', () => {
  it('is read back', () => {
    const place = at(1, 2, 3, 4, true);
    expect(parsePlace(JSON.parse(JSON.stringify(place)))).toEqual(place);
  });

  it.each([null, 7, {}, { bounds: null, maximized: true }, { bounds: { x: 1 }, maximized: true }, { ...at(1, 2), maximized: 'yes' }, { bounds: { x: 1.5, y: 0, width: 1, height: 1 }, maximized: true }, { bounds: { x: '1', y: 0, width: 1, height: 1 }, maximized: true }])(
    'is none when it is %j',
    (value) => {
      expect(parsePlace(value)).toBeNull();
    },
  );
});
