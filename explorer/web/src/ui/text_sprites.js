/**
 * Text as small pictures that are kept: a browser shapes a text anew whenever it draws it, and a redraw while a slider
 * moves writes the same few labels every time.
 */

const KEPT = 300;
const MARGIN = 3;
const sprites = new Map();

/**
 * @param {CanvasRenderingContext2D} context scaled evenly, not turned
 * @param {number} x @param {number} y of the anchor
 * @param {string} string
 * @param {{font: string, fill: string, halo?: string, align: CanvasTextAlign, baseline: CanvasTextBaseline}} style
 */
export function drawText(context, x, y, string, style) {
  const scale = context.getTransform().a;
  const key = `${scale}|${style.font}|${style.fill}|${style.halo}|${style.align}|${style.baseline}|${string}`;
  let sprite = sprites.get(key);
  if (sprite) sprites.delete(key);
  else sprite = made(context, string, style, scale);
  sprites.set(key, sprite);
  if (sprites.size > KEPT) sprites.delete(sprites.keys().next().value);
  const { canvas, left, top } = sprite;
  // on whole pixels of the device it is copied as it is
  const place = (u) => Math.round(u * scale) / scale;
  context.drawImage(canvas, place(x) - left, place(y) - top, canvas.width / scale, canvas.height / scale);
}

function made(context, string, style, scale) {
  const canvas = context.canvas.ownerDocument.createElement('canvas');
  const pen = canvas.getContext('2d');
  lookLike(pen, style);
  const box = pen.measureText(string);
  const whole = (u) => Math.ceil((u + MARGIN) * scale);
  const [left, top] = [whole(box.actualBoundingBoxLeft), whole(box.actualBoundingBoxAscent)];
  canvas.width = left + whole(box.actualBoundingBoxRight);
  canvas.height = top + whole(box.actualBoundingBoxDescent);
  pen.scale(scale, scale);
  writeText(pen, left / scale, top / scale, string, style);
  return { canvas, left: left / scale, top: top / scale };
}

/** As `drawText`, without a picture of it. */
export function writeText(pen, x, y, string, style) {
  lookLike(pen, style);
  if (style.halo) {
    pen.strokeStyle = style.halo;
    pen.lineWidth = 3;
    pen.lineJoin = 'round';
    pen.setLineDash([]);
    pen.strokeText(string, x, y);
  }
  pen.fillStyle = style.fill;
  pen.fillText(string, x, y);
}

function lookLike(pen, { font, align, baseline }) {
  pen.font = font;
  pen.textAlign = align;
  pen.textBaseline = baseline;
}
