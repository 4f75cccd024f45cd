// Draws every icon from one glyph, a ship's wheel: `node resources/scripts/icons.mjs`. The results are committed.
import './require-node.mjs';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from '../../test/support/setup/parts.ts';

const ICONS = resolve(import.meta.dirname, '../icons');

const LINUX_SIZES = [22, 24, 32, 48];
const WINDOWS_SIZES = [16, 20, 24, 32];
const MAC_POINTS = 18;

const COLOURS = { accent: '#2f5fd3', working: '#5b8af5', needsYou: '#f5b32e', locked: '#e5484d', error: '#ff6a3d', ink: '#1b1d21' };

/** The wheel on a grid of 24: rim, hub, and eight spokes that are thin inside, so that a small one stays open, and handles outside. */
function wheel(colour, { rim = 2, spoke = 1.3, handle = 2.2 } = {}) {
  return `<g fill="none" stroke="${colour}" stroke-linecap="round">
    <circle cx="12" cy="12" r="6.6" stroke-width="${rim}"/>
    <path d="M12 5.4v13.2M5.4 12h13.2M7.3 7.3l9.4 9.4M16.7 7.3l-9.4 9.4" stroke-width="${spoke}"/>
    <path d="M12 1.9v3M12 19.1v3M1.9 12h3M19.1 12h3M4.85 4.85l2.1 2.1M17.05 17.05l2.1 2.1M19.15 4.85l-2.1 2.1M6.95 17.05l-2.1 2.1" stroke-width="${handle}"/>
    <circle cx="12" cy="12" r="1.1" stroke-width="2"/></g>`;
}
const HALO = { rim: 4.4, spoke: 1.3, handle: 4.4 };

/** Marks in the lower right corner, each with its own shape: `hole` is cut out of the wheel, so that the mark stands free. */
const MARKS = {
  idle: null,
  working: { hole: '<circle cx="18" cy="18" r="6.4"/>', mark: (fill) => `<circle cx="18" cy="18" r="4.6" fill="${fill}"/>`, colour: COLOURS.working },
  error: {
    hole: '<path d="M16.6 8.2l-8.8 15.8h17.6z"/>',
    mark: (fill, ink) =>
      `<path d="M16.6 11.2l6 10.9h-12z" fill="${fill}" stroke="${fill}" stroke-width="1.6" stroke-linejoin="round"/>
       <path d="M16.6 14.2v3.6" stroke="${ink}" stroke-width="1.9" stroke-linecap="round"/><circle cx="16.6" cy="20.6" r="1.1" fill="${ink}"/>`,
    colour: COLOURS.error,
  },
  locked: {
    hole: '<rect x="9" y="12" width="15.4" height="12.4" rx="3.2"/><circle cx="16.6" cy="11.6" r="5.4"/>',
    mark: (fill, ink) =>
      `<path d="M13.4 14v-2.6a3.2 3.2 0 0 1 6.4 0V14" fill="none" stroke="${fill}" stroke-width="2"/>
       <rect x="10.6" y="13.6" width="12" height="9.4" rx="1.8" fill="${fill}"/><path d="M16.6 16.8v3" stroke="${ink}" stroke-width="2.2" stroke-linecap="round"/>`,
    colour: COLOURS.locked,
  },
};

/** A disc with the number of things that wait; two characters need a wider one. */
function countMark(text) {
  const wide = text.length > 1;
  const left = wide ? 8.6 : 10.2;
  const width = 23.4 - left;
  const disc = (grow) => `<rect x="${left - grow}" y="${10.2 - grow}" width="${width + 2 * grow}" height="${13.2 + 2 * grow}" rx="${6.6 + grow}"`;
  return {
    hole: `${disc(1.6)}/>`,
    mark: (fill, ink) =>
      `${disc(0)} fill="${fill}"/><text x="${left + width / 2}" y="20.9" text-anchor="middle" font-family="Noto Sans, DejaVu Sans, Arial, sans-serif" font-weight="700" font-size="${wide ? 9.6 : 11.4}" fill="${ink}">${text}</text>`,
    colour: COLOURS.needsYou,
  };
}

/** Every picture of the tray by its file name. */
const PICTURES = {
  ...MARKS,
  ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`needs-you-${index + 1}`, countMark(String(index + 1))])),
  'needs-you-many': countMark('9+'),
};

function svg(body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${body}</svg>`;
}

/** The wheel with a mark. `halo` outlines everything, for panels whose colour nobody tells. */
function trayPicture({ glyph, picture, halo, mono }) {
  const hole = picture === null ? '' : `<g fill="black">${picture.hole}</g>`;
  const mask = `<mask id="m" maskUnits="userSpaceOnUse" x="-2" y="-2" width="28" height="28"><rect x="-2" y="-2" width="28" height="28" fill="white"/>${hole}</mask>`;
  const outline = halo === null ? '' : `<g mask="url(#m)">${wheel(halo, HALO)}</g>`;
  if (picture === null) return svg(`<defs>${mask}</defs>${outline}${wheel(glyph)}`);
  const ink = COLOURS.ink;
  // In a template there is one colour: what is drawn on the mark is cut out of it.
  const mark = mono
    ? `<mask id="k" maskUnits="userSpaceOnUse" x="-2" y="-2" width="28" height="28">${picture.mark('white', 'black')}</mask><rect width="24" height="24" fill="${glyph}" mask="url(#k)"/>`
    : picture.mark(picture.colour, ink);
  return svg(`<defs>${mask}</defs>${outline}<g mask="url(#m)">${wheel(glyph)}</g>${mark}`);
}

/** The icon of the application: the wheel in white on the accent. */
function applicationPicture() {
  return svg(`<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#4a78e6"/><stop offset="1" stop-color="${COLOURS.accent}"/></linearGradient></defs>
    <rect x="1" y="1" width="22" height="22" rx="5.2" fill="url(#g)"/><g transform="translate(12 12) scale(0.68) translate(-12 -12)">${wheel('#ffffff')}</g>`);
}

/** Runs in the page: draws a picture in one size and gives the PNG and the plain pixels. */
const DRAW = `async ({ source, size }) => {
  const image = new Image();
  image.width = size;
  image.height = size;
  image.src = 'data:image/svg+xml;base64,' + btoa(unescape(encodeURIComponent(source)));
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, size, size);
  return { png: canvas.toDataURL('image/png').split(',')[1], pixels: Array.from(context.getImageData(0, 0, size, size).data) };
}`;

/** One picture of an .ico as a bitmap: small PNG entries are not read everywhere. */
function icoBitmap(size, pixels) {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  // Twice the height: the picture and its mask.
  header.writeInt32LE(size * 2, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const colours = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = ((size - 1 - y) * size + x) * 4;
      const [red, green, blue, alpha] = pixels.slice(from, from + 4);
      colours.set([blue, green, red, alpha], (y * size + x) * 4);
    }
  }
  const maskRow = Math.ceil(size / 32) * 4;
  return Buffer.concat([header, colours, Buffer.alloc(maskRow * size)]);
}

function ico(entries) {
  const head = Buffer.alloc(6 + 16 * entries.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(entries.length, 4);
  let offset = head.length;
  entries.forEach(({ size, data }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size === 256 ? 0 : size, at);
    head.writeUInt8(size === 256 ? 0 : size, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(data.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += data.length;
  });
  return Buffer.concat([head, ...entries.map(({ data }) => data)]);
}

function save(path, bytes) {
  const file = join(ICONS, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

const executablePath = findChromium();
if (executablePath === null) throw new Error('Icons are drawn by Chromium, and none was found: set CHROME_PATH.');
const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
try {
  const page = await browser.newPage();
  const draw = async (source, size) => {
    const { png, pixels } = await page.evaluate(`(${DRAW})(${JSON.stringify({ source, size })})`);
    return { png: Buffer.from(png, 'base64'), pixels };
  };
  const drawIco = async (source, sizes) =>
    ico(await Promise.all(sizes.map(async (size) => ({ size, data: size === 256 ? (await draw(source, size)).png : icoBitmap(size, (await draw(source, size)).pixels) }))));

  rmSync(join(ICONS, 'tray'), { recursive: true, force: true });
  for (const [name, picture] of Object.entries(PICTURES)) {
    const linux = trayPicture({ glyph: '#ffffff', picture, halo: 'rgba(20,24,32,0.8)', mono: false });
    for (const size of LINUX_SIZES) save(`tray/linux/${name}-${size}.png`, (await draw(linux, size)).png);
    save(`tray/windows/dark/${name}.ico`, await drawIco(trayPicture({ glyph: '#ffffff', picture, halo: null, mono: false }), WINDOWS_SIZES));
    save(`tray/windows/light/${name}.ico`, await drawIco(trayPicture({ glyph: COLOURS.ink, picture, halo: null, mono: false }), WINDOWS_SIZES));
  }
  // macOS shows the number as text beside the icon; the picture only says that there is one.
  const macPictures = { ...MARKS, 'needs-you': { ...MARKS.working, mark: (fill) => `<circle cx="18" cy="18" r="3.3" fill="none" stroke="${fill}" stroke-width="2.4"/>` } };
  for (const [name, picture] of Object.entries(macPictures)) {
    const source = trayPicture({ glyph: '#000000', picture, halo: null, mono: true });
    save(`tray/mac/${name}Template.png`, (await draw(source, MAC_POINTS)).png);
    save(`tray/mac/${name}Template@2x.png`, (await draw(source, MAC_POINTS * 2)).png);
  }
  save('app.png', (await draw(applicationPicture(), 512)).png);
  save('app.ico', await drawIco(applicationPicture(), [16, 24, 32, 48, 256]));
} finally {
  await browser.close();
}
