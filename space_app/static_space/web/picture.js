// Read an untrusted image: first its header, then its pixels; or explain why it cannot be read.

import {resize} from './resize.js';
import {Mistake} from './words.js';

const HEADER = 1 << 18; // bytes in which a JPEG's size is looked for

/** Return {width, height} of a PNG, JPEG, GIF, BMP or WebP from its first bytes; null for anything else. */
export function header(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at, length) => String.fromCharCode(...bytes.subarray(at, at + length));
  try {
    if (text(0, 8) === '\x89PNG\r\n\x1a\n') return {width: view.getUint32(16), height: view.getUint32(20), deep: bytes[24] > 8};
    if (/^GIF8[79]a/.test(text(0, 6))) return {width: view.getUint16(6, true), height: view.getUint16(8, true)};
    if (text(0, 2) === 'BM') return {width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true))};
    if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return webp(view, text(12, 4));
    if (view.getUint16(0) === 0xffd8) return jpeg(view);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the file ends within its header
  }
  return null;
}

function webp(view, kind) {
  if (kind === 'VP8X') {
    const three = (at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
    return {width: three(24) + 1, height: three(27) + 1};
  }
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return {width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1};
  }
  return {width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff};
}

function jpeg(view) {
  for (let at = 2; at < HEADER;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return {width: view.getUint16(at + 7), height: view.getUint16(at + 5)};
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return null;
}

/** Return the middle square of an image file in `size` x `size` pixels of red, green and blue, and the image's own size. */
export async function square(file, size, limits) {
  if (file.size > limits.bytes) {
    throw new Mistake(`The file is ${Math.round(file.size / 2 ** 20)} MB, but the limit is ${limits.bytes / 2 ** 20} MB.`, 'Save the image as JPEG, or crop it.');
  }
  const stated = header(new Uint8Array(await file.slice(0, HEADER).arrayBuffer()));
  if (!stated) {
    throw new Mistake('The file is not an image that this page can read.', 'Send a PNG, JPEG, GIF, WebP or BMP file. The app also reads GeoTIFF, HEIC and JPEG 2000.');
  }
  if (stated.deep) {
    throw new Mistake('The image has more than eight bits per channel, and the file does not say which values are dark and which are bright.', 'Convert the image to eight bits with the contrast that you want: gdal_translate -of PNG -ot Byte -scale IN out.png');
  }
  checkSize(stated, limits);
  let picture;
  try {
    // Orientation as Pillow applies it; the numbers as they are in the file.
    picture = await createImageBitmap(file, {colorSpaceConversion: 'none', premultiplyAlpha: 'none'});
  } catch {
    throw new Mistake('The image is damaged or truncated.', 'Save or download the image again.');
  }
  try {
    const {width, height} = picture;
    checkSize(picture, limits);
    const side = Math.min(width, height);
    const left = Math.floor((width - side) / 2), top = Math.floor((height - side) / 2);
    // Without alpha: transparent parts become black, which means no data.
    const context = new OffscreenCanvas(side, side).getContext('2d', {alpha: false, willReadFrequently: true});
    context.drawImage(picture, left, top, side, side, 0, 0, side, side);
    const {data} = context.getImageData(0, 0, side, side);
    const pixels = new Uint8Array(side * side * 3);
    for (let from = 0, to = 0; from < data.length; from += 4) {
      pixels[to++] = data[from];
      pixels[to++] = data[from + 1];
      pixels[to++] = data[from + 2];
    }
    return {pixels: side === size ? pixels : resize(pixels, side, side, 3, size), width, height};
  } finally {
    picture.close();
  }
}

function checkSize({width, height}, {longest, shortest}) {
  const size = `The image is ${width.toLocaleString('en-US')} × ${height.toLocaleString('en-US')} pixels`;
  if (Math.max(width, height) > longest) {
    throw new Mistake(`${size}.`, `Scale the image down to at most ${longest.toLocaleString('en-US')} pixels per side.`);
  }
  if (Math.min(width, height) < shortest) {
    throw new Mistake(`${size}, which is too small to classify.`, `Send an image of at least ${shortest} pixels per side.`);
  }
}
