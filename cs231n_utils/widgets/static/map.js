// A map of heights over two axes with numbers on them, and the paths of runs drawn on it.

import { HeightMap, arrowPath, followWidth, short, sizedContext, ticks } from "./drawing.js";

const LARGEST = 420; // pixels
const EDGES = { left: 46, right: 12, top: 8, bottom: 40 };

export class PathMap {
  // `ranges` are the [low, high] of both axes; whoever changes them fills `map.values` anew.
  constructor(canvas, cells, ranges = [[-1, 1], [-1, 1]]) {
    this.canvas = canvas;
    this.map = new HeightMap(cells);
    this.ranges = ranges;
    this.side = LARGEST;
  }

  attach(holder, redraw) {
    return followWidth(holder, (width) => {
      this.side = Math.min(width, LARGEST);
      redraw();
    });
  }

  // Takes height(x, y) at every sample of the map.
  fill(height) {
    const { size, values } = this.map;
    const at = ([low, high], k) => low + ((high - low) * k) / (size - 1);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        values[row * size + column] = height(at(this.ranges[0], column), at(this.ranges[1], row));
      }
    }
  }

  get width() {
    return this.side - EDGES.left - EDGES.right;
  }

  get height() {
    return this.side - EDGES.top - EDGES.bottom;
  }

  x(value) {
    const [low, high] = this.ranges[0];
    return EDGES.left + (this.width * (value - low)) / (high - low);
  }

  y(value) {
    const [low, high] = this.ranges[1];
    return EDGES.top + (this.height * (high - value)) / (high - low);
  }

  // The place on the axes of a pixel of the canvas.
  placeAt(left, top) {
    const [across, up] = this.ranges;
    return [
      across[0] + ((across[1] - across[0]) * (left - EDGES.left)) / this.width,
      up[1] - ((up[1] - up[0]) * (top - EDGES.top)) / this.height,
    ];
  }

  // Gives an SVG that lies over the canvas its size.
  cover(svg) {
    svg.setAttribute("viewBox", `0 0 ${this.side} ${this.side}`);
    svg.setAttribute("width", this.side);
    svg.setAttribute("height", this.side);
  }

  // What drawInside(context) draws is clipped to the map.
  draw(names, textColor, drawInside) {
    const context = sizedContext(this.canvas, this.side, this.side);
    this.map.draw(context, EDGES.left, EDGES.top, this.width, this.height);
    context.save();
    context.beginPath();
    context.rect(EDGES.left, EDGES.top, this.width, this.height);
    context.clip();
    drawInside(context);
    context.restore();
    this.drawAxes(context, names, textColor);
  }

  // `places` are [x, y] in the units of the axes.
  drawPath(context, places, color = "#E69F00") {
    context.beginPath();
    for (const [x, y] of places) context.lineTo(this.x(x), this.y(y));
    context.lineJoin = "round";
    strokeTwice(context, "#000000", 4, color, 2.2);
  }

  drawDot(context, [x, y], radius = 4.5, color = "#FFFFFF") {
    context.beginPath();
    context.arc(this.x(x), this.y(y), radius, 0, 7);
    fillOutlined(context, color);
  }

  drawStar(context, [x, y], color = "#FFFFFF") {
    context.beginPath();
    for (let k = 0; k < 10; k++) {
      const radius = k % 2 ? 3.4 : 8.5;
      const angle = (Math.PI * k) / 5 - Math.PI / 2;
      context.lineTo(this.x(x) + radius * Math.cos(angle), this.y(y) + radius * Math.sin(angle));
    }
    context.closePath();
    fillOutlined(context, color);
  }

  // From a place along (u, v), whose length is in pixels.
  drawArrow(context, [x, y], u, v) {
    const [left, top] = [this.x(x), this.y(y)];
    const arrow = new Path2D(arrowPath(left, top, left + u, top - v, 9));
    strokeTwice(context, "#000000", 4.5, "#FFFFFF", 2.2, arrow);
  }

  drawAxes(context, names, textColor) {
    context.fillStyle = textColor;
    context.strokeStyle = textColor;
    context.lineWidth = 1;
    context.strokeRect(EDGES.left, EDGES.top, this.width, this.height);
    context.font = "12px system-ui, sans-serif";
    const [across, up] = this.ranges;
    context.textAlign = "center";
    for (const value of ticks(across)) {
      context.fillText(short(value), this.x(value), this.side - EDGES.bottom + 15);
    }
    context.fillText(names[0], this.x((across[0] + across[1]) / 2), this.side - 8);
    context.textAlign = "right";
    for (const value of ticks(up)) {
      context.fillText(short(value), EDGES.left - 5, this.y(value) + 4);
    }
    context.save();
    context.translate(12, this.y((up[0] + up[1]) / 2));
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(names[1], 0, 0);
    context.restore();
  }
}

function strokeTwice(context, outer, outerWidth, inner, innerWidth, shape) {
  for (const [color, width] of [[outer, outerWidth], [inner, innerWidth]]) {
    context.strokeStyle = color;
    context.lineWidth = width;
    if (shape) context.stroke(shape);
    else context.stroke();
  }
}

function fillOutlined(context, color) {
  context.fillStyle = color;
  context.strokeStyle = "#000000";
  context.lineWidth = 1.4;
  context.fill();
  context.stroke();
}
