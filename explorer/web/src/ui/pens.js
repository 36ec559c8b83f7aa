/**
 * Two pens with one interface, so that the screen, PNG and SVG are drawn by the same code.
 *
 *   begin(style) moveTo lineTo ... end()    a path; style {stroke, width, dash, fill, alpha}
 *   marker(kind, x, y, radius, style)       circle, cross, triangle, square, diamond, dot
 *   text(x, y, string, style)               style {size, italic, anchor, baseline, fill, halo, turn, weight}
 *   image(source, x, y, width, height)      source: a canvas
 *   clip(box) ... unclip()
 *   rect(x, y, width, height, style)
 */

import { drawText, writeText } from './text_sprites.js';

export const SERIF = '"STIX Two Text","Libertinus Serif","Latin Modern Roman",Cambria,Georgia,"Times New Roman",serif';
export const SANS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif';

/** Corners of the markers, for a radius of 1. */
const SHAPES = {
  triangle: [
    [0, -1.15],
    [1.05, 0.8],
    [-1.05, 0.8],
  ],
  square: [
    [-0.85, -0.85],
    [0.85, -0.85],
    [0.85, 0.85],
    [-0.85, 0.85],
  ],
  diamond: [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  cross: [
    [-0.42, -1.1],
    [0, -0.62],
    [0.42, -1.1],
    [1.1, -0.42],
    [0.62, 0],
    [1.1, 0.42],
    [0.42, 1.1],
    [0, 0.62],
    [-0.42, 1.1],
    [-1.1, 0.42],
    [-0.62, 0],
    [-1.1, -0.42],
  ],
};

class Pen {
  marker(kind, x, y, radius, style) {
    if (!(kind in SHAPES)) {
      this.circle(x, y, radius, style);
      return;
    }
    this.begin(style);
    SHAPES[kind].forEach(([dx, dy], i) => this[i ? 'lineTo' : 'moveTo'](x + dx * radius, y + dy * radius));
    this.close();
    this.end();
  }
}

export class CanvasPen extends Pen {
  /** @param {CanvasRenderingContext2D} context already scaled to CSS pixels */
  constructor(context) {
    super();
    this.context = context;
  }

  begin(style) {
    this.style = style;
    this.context.beginPath();
  }

  moveTo(x, y) {
    this.context.moveTo(x, y);
  }

  lineTo(x, y) {
    this.context.lineTo(x, y);
  }

  close() {
    this.context.closePath();
  }

  end() {
    const { context, style } = this;
    context.globalAlpha = style.alpha ?? 1;
    if (style.fill) {
      context.fillStyle = style.fill;
      context.fill();
    }
    if (style.stroke) {
      context.strokeStyle = style.stroke;
      context.lineWidth = style.width ?? 1;
      context.lineJoin = 'round';
      context.lineCap = style.dash ? 'butt' : 'round';
      context.setLineDash(style.dash ?? []);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  circle(x, y, radius, style) {
    this.begin(style);
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.end();
  }

  rect(x, y, width, height, style) {
    this.begin(style);
    this.context.rect(x, y, width, height);
    this.end();
  }

  text(x, y, string, style) {
    const { context } = this;
    const look = {
      font: `${style.italic ? 'italic ' : ''}${style.weight ?? 400} ${style.size}px ${style.italic ? SERIF : SANS}`,
      fill: style.fill,
      halo: style.halo,
      align: { start: 'left', middle: 'center', end: 'right' }[style.anchor ?? 'start'],
      baseline: style.baseline ?? 'alphabetic',
    };
    if (!style.turn) {
      drawText(context, x, y, string, look);
      return;
    }
    context.save();
    context.translate(x, y);
    context.rotate((style.turn * Math.PI) / 180);
    writeText(context, 0, 0, string, look);
    context.restore();
  }

  image(source, x, y, width, height) {
    this.context.imageSmoothingEnabled = false;
    this.context.drawImage(source, x, y, width, height);
  }

  clip({ x, y, width, height }) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x, y, width, height);
    this.context.clip();
  }

  unclip() {
    this.context.restore();
  }
}

const escape = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const px = (x) => String(Math.round(x * 100) / 100);

export class SvgPen extends Pen {
  constructor() {
    super();
    this.parts = [];
    this.clips = 0;
  }

  begin(style) {
    this.style = style;
    this.path = [];
  }

  moveTo(x, y) {
    this.path.push(`M${px(x)} ${px(y)}`);
  }

  lineTo(x, y) {
    this.path.push(`L${px(x)} ${px(y)}`);
  }

  close() {
    this.path.push('Z');
  }

  end() {
    if (this.path.length) this.parts.push(`<path d="${this.path.join('')}"${paint(this.style)}/>`);
  }

  circle(x, y, radius, style) {
    this.parts.push(`<circle cx="${px(x)}" cy="${px(y)}" r="${px(radius)}"${paint(style)}/>`);
  }

  rect(x, y, width, height, style) {
    const box = `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
    this.parts.push(`<rect ${box}${paint(style)}/>`);
  }

  text(x, y, string, style) {
    const family = escape(style.italic ? SERIF : SANS);
    const base = { middle: 'central', top: 'hanging' }[style.baseline];
    const more = [
      `font-family="${family}" font-size="${style.size}" fill="${style.fill}"`,
      style.italic ? 'font-style="italic"' : '',
      style.weight ? `font-weight="${style.weight}"` : '',
      `text-anchor="${style.anchor ?? 'start'}"`,
      base ? `dominant-baseline="${base}"` : '',
      style.turn ? `transform="rotate(${style.turn} ${px(x)} ${px(y)})"` : '',
      style.halo ? `stroke="${style.halo}" stroke-width="3" paint-order="stroke" stroke-linejoin="round"` : '',
    ];
    this.parts.push(`<text x="${px(x)}" y="${px(y)}" ${more.filter(Boolean).join(' ')}>${escape(string)}</text>`);
  }

  image(source, x, y, width, height) {
    const box = `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
    this.parts.push(
      `<image ${box} preserveAspectRatio="none" style="image-rendering:pixelated" href="${source.toDataURL('image/png')}"/>`,
    );
  }

  clip({ x, y, width, height }) {
    this.clips += 1;
    const id = `clip${this.clips}`;
    const box = `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
    this.parts.push(`<clipPath id="${id}"><rect ${box}/></clipPath><g clip-path="url(#${id})">`);
  }

  unclip() {
    this.parts.push('</g>');
  }

  /** @param {number} width @param {number} height @param {string} title @param {string} page its colour */
  document(width, height, title, page) {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<title>${escape(title)}</title><rect width="100%" height="100%" fill="${page}"/>`,
      ...this.parts,
      '</svg>\n',
    ].join('\n');
  }
}

function paint(style) {
  const parts = [`fill="${style.fill ?? 'none'}"`];
  if (style.stroke) {
    parts.push(`stroke="${style.stroke}" stroke-width="${style.width ?? 1}" stroke-linejoin="round"`);
    parts.push(style.dash ? `stroke-dasharray="${style.dash.join(' ')}"` : 'stroke-linecap="round"');
  }
  if (style.alpha !== undefined) parts.push(`opacity="${style.alpha}"`);
  return ` ${parts.join(' ')}`;
}
