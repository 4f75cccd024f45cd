import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 256;
/** So many of them go to the most frequent; the others to what would be missed most. */
const FREQUENT = 128;

/**
 * A screenshot (PNG, 8 bits, RGB) in 256 colours, which is about a third of the bytes. What is left out is mostly the
 * edges of letters, and becomes the nearest of the colours.
 */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = choosePalette(counts);
  const indexOf = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = indexOf.get(pixels[y * width + x]!)!;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const plte = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('PLTE', plte), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

const distance = (a: number, b: number): number =>
  [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);

/** `counts`: how many pixels a colour has. */
function choosePalette(counts: ReadonlyMap<number, number>): readonly number[] {
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, FREQUENT).map(([colour]) => colour);
  const misses = new Map([...counts.keys()].map((colour) => [colour, Math.min(...palette.map((chosen) => distance(chosen, colour)))]));
  while (palette.length < Math.min(COLOURS, counts.size)) {
    const [missed] = [...misses].reduce((worst, one) => (one[1] * counts.get(one[0])! > worst[1] * counts.get(worst[0])! ? one : worst));
    palette.push(missed);
    for (const [colour, miss] of misses) misses.set(colour, Math.min(miss, distance(missed, colour)));
  }
  return palette;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  for (const [index, candidate] of palette.entries()) if (distance(candidate, colour) < distance(palette[best]!, colour)) best = index;
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** The picture as one number per pixel, 0xRRGGBB. */
function decode(png: Buffer): { readonly width: number; readonly height: number; readonly pixels: Uint32Array } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (!png.subarray(0, 8).equals(SIGNATURE) || png[24] !== 8 || png[25] !== 2) throw new Error('this is not a PNG of 8 bits in RGB');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * 3;
  const bytes = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x += 1) {
      const left = x >= 3 ? bytes[y * stride + x - 3]! : 0;
      const up = y > 0 ? bytes[(y - 1) * stride + x]! : 0;
      const corner = x >= 3 && y > 0 ? bytes[(y - 1) * stride + x - 3]! : 0;
      bytes[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + predict(filter, left, up, corner);
    }
  }
  return { width, height, pixels: Uint32Array.from({ length: width * height }, (_, at) => (bytes[at * 3]! << 16) | (bytes[at * 3 + 1]! << 8) | bytes[at * 3 + 2]!) };
}

/** The filters of PNG 1.2, section 6. */
function predict(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}
