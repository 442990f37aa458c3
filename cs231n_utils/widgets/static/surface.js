// The loss over two chosen parameters, the others held, with the path of the run so far.

import { PARAMETERS, lossGrid, newResult } from "./svm.js";
import { HeightMap, arrowPath, followWidth, short, sizedContext, ticks } from "./drawing.js";

const CELLS = 44;
const LARGEST = 420; // pixels
const EDGES = { left: 46, right: 12, top: 8, bottom: 40 };
const SMALLEST_REACH = 2; // in weights, from the middle to the edge

export class Surface {
  constructor(canvas) {
    this.canvas = canvas;
    this.map = new HeightMap(CELLS);
    this.side = LARGEST;
    this.result = newResult(0);
    this.ranges = [[-1, 1], [-1, 1]];
  }

  attach(holder, redraw) {
    return followWidth(holder, (width) => {
      this.side = Math.min(width, LARGEST);
      redraw();
    });
  }

  draw(problem, theta, path, axes, gradient, colors) {
    const [first, second] = axes;
    this.frame(theta, path, axes);
    if (this.result.losses.length !== problem.labels.length) {
      this.result = newResult(problem.labels.length);
    }
    const { map, ranges, result } = this;
    lossGrid(problem, theta, first, second, ranges, CELLS, result, map.values);
    const context = sizedContext(this.canvas, this.side, this.side);
    const width = this.side - EDGES.left - EDGES.right;
    const height = this.side - EDGES.top - EDGES.bottom;
    map.draw(context, EDGES.left, EDGES.top, width, height);
    this.place = {
      x: (value) => EDGES.left + (width * (value - ranges[0][0])) / (ranges[0][1] - ranges[0][0]),
      y: (value) =>
        EDGES.top + (height * (ranges[1][1] - value)) / (ranges[1][1] - ranges[1][0]),
    };
    context.save();
    context.beginPath();
    context.rect(EDGES.left, EDGES.top, width, height);
    context.clip();
    this.drawPath(context, path, axes);
    this.drawHere(context, theta, gradient, axes);
    context.restore();
    this.drawAxes(context, axes, colors);
  }

  // The window holds the path and the current point with room around, the same scale both ways.
  frame(theta, path, axes) {
    const spans = axes.map((k) => {
      let [low, high] = [theta[k], theta[k]];
      for (let at = k; at < path.length; at += PARAMETERS.length) {
        if (path[at] < low) low = path[at];
        if (path[at] > high) high = path[at];
      }
      return [low, high];
    });
    const widest = Math.max(...spans.map(([low, high]) => high - low));
    const reach = Math.max(SMALLEST_REACH, 0.65 * widest);
    this.ranges = spans.map(([low, high]) => [(low + high) / 2 - reach, (low + high) / 2 + reach]);
  }

  drawPath(context, path, [first, second]) {
    const { x, y } = this.place;
    context.beginPath();
    for (let at = 0; at < path.length; at += PARAMETERS.length) {
      const to = [x(path[at + first]), y(path[at + second])];
      if (at) context.lineTo(...to);
      else context.moveTo(...to);
    }
    context.lineJoin = "round";
    strokeTwice(context, "#000000", 4, "#E69F00", 2.2);
    if (!path.length) return;
    context.beginPath();
    context.arc(x(path[first]), y(path[second]), 4.5, 0, 7);
    fillOutlined(context);
  }

  drawHere(context, theta, gradient, [first, second]) {
    const { x, y } = this.place;
    const [left, top] = [x(theta[first]), y(theta[second])];
    const [u, v] = [-gradient[first], gradient[second]];
    const length = Math.hypot(u, v);
    if (length > 1e-9) {
      const scale = (14 + 40 * Math.min(1, length)) / length;
      const arrow = arrowPath(left, top, left + u * scale, top + v * scale, 9);
      strokeTwice(context, "#000000", 4.5, "#FFFFFF", 2.2, new Path2D(arrow));
    }
    context.beginPath();
    for (let k = 0; k < 10; k++) {
      const radius = k % 2 ? 3.4 : 8.5;
      const angle = (Math.PI * k) / 5 - Math.PI / 2;
      context.lineTo(left + radius * Math.cos(angle), top + radius * Math.sin(angle));
    }
    context.closePath();
    fillOutlined(context);
  }

  drawAxes(context, [first, second], { text }) {
    const { x, y } = this.place;
    context.fillStyle = text;
    context.strokeStyle = text;
    context.lineWidth = 1;
    context.strokeRect(
      EDGES.left,
      EDGES.top,
      this.side - EDGES.left - EDGES.right,
      this.side - EDGES.top - EDGES.bottom,
    );
    context.font = "12px system-ui, sans-serif";
    const [across, up] = this.ranges;
    context.textAlign = "center";
    for (const value of ticks(across)) {
      context.fillText(short(value), x(value), this.side - EDGES.bottom + 15);
    }
    context.fillText(PARAMETERS[first], x((across[0] + across[1]) / 2), this.side - 8);
    context.textAlign = "right";
    for (const value of ticks(up)) context.fillText(short(value), EDGES.left - 5, y(value) + 4);
    context.save();
    context.translate(12, y((up[0] + up[1]) / 2));
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText(PARAMETERS[second], 0, 0);
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

function fillOutlined(context) {
  context.fillStyle = "#FFFFFF";
  context.strokeStyle = "#000000";
  context.lineWidth = 1.4;
  context.fill();
  context.stroke();
}
