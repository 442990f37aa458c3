// The plane of the demo: points to drag, decision regions, zero-score lines, gradient arrows.

import { N_CLASSES, decisionRegion, zeroScoreLine } from "./svm.js";
import {
  arrowPath, clamp, draggable, followWidth, movableByArrows, setText, short, svgElement,
} from "./drawing.js";

export const EXTENT = 2; // the plane shows [-2, 2] in both directions
const MARGIN = 22; // pixels around it, for the numbers
const LARGEST = 520; // pixels
const FINE = 0.05; // units a key press
const COARSE = 0.25;

// Circle, square, triangle: classes are told apart without their colors.
const SHAPES = [
  "M0,-7A7,7 0 1 1 0,7A7,7 0 1 1 0,-7Z",
  "M-6.2,-6.2H6.2V6.2H-6.2Z",
  "M0,-8.2L7.6,5.6H-7.6Z",
];

export function pointMark(label) {
  return svgElement("path", { class: `mark class-${label}`, d: SHAPES[label] });
}

export class Plane {
  // onMove(i, x, y) while a point moves, onMoveStart() and onMoveEnd() around it;
  // onSelect(i) when it gets the focus.
  constructor(handlers) {
    this.handlers = handlers;
    this.labels = [];
    this.marks = [];
    this.layers = {};
    for (const name of ["regions", "frame", "names", "lines", "points"]) {
      this.layers[name] = svgElement("g", { class: name });
    }
    this.svg = svgElement(
      "svg",
      { class: "plane", role: "application", "aria-label": PLANE_LABEL },
      ...Object.values(this.layers),
    );
    this.regions = this.perClass("regions", "path", "region");
    this.names = this.perClass("names", "text", "name");
    this.zeroLines = this.perClass("lines", "line", "zero");
    this.weights = this.perClass("lines", "path", "weight");
    this.descents = this.perClass("lines", "path", "descent");
    this.names.forEach((name, c) => setText(name, `class ${c}`));
  }

  perClass(layer, tag, kind) {
    return Array.from({ length: N_CLASSES }, (_, c) => {
      const node = svgElement(tag, { class: `${kind} class-${c}` });
      this.layers[layer].append(node);
      return node;
    });
  }

  attach(holder, redraw) {
    holder.append(this.svg);
    this.resize(LARGEST);
    return followWidth(holder, (width) => {
      this.resize(Math.min(width, LARGEST));
      redraw();
    });
  }

  resize(side) {
    this.side = side;
    this.unit = (side - 2 * MARGIN) / (2 * EXTENT);
    this.svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
    this.svg.setAttribute("width", side);
    this.svg.setAttribute("height", side);
    const frame = this.layers.frame;
    frame.replaceChildren();
    for (let k = -EXTENT; k <= EXTENT; k++) {
      const [x, y] = [this.x(k), this.y(k)];
      const [low, high] = [this.x(-EXTENT), this.x(EXTENT)];
      frame.append(
        svgElement("path", { class: k ? "grid" : "axis", d: `M${x},${low}V${high}` }),
        svgElement("path", { class: k ? "grid" : "axis", d: `M${low},${y}H${high}` }),
        svgElement("text", { class: "tick", x, y: high + 15 }, short(k)),
        svgElement("text", { class: "tick left", x: low - 5, y: y + 4 }, short(k)),
      );
    }
  }

  x(value) {
    return MARGIN + (value + EXTENT) * this.unit;
  }

  y(value) {
    return MARGIN + (EXTENT - value) * this.unit;
  }

  draw({ points, labels }, theta, { gradient, scores }) {
    if (labels.length !== this.labels.length || labels.some((c, i) => c !== this.labels[i])) {
      this.layPoints(labels);
    }
    for (let c = 0; c < N_CLASSES; c++) {
      this.drawRegion(c, theta);
      this.drawLine(c, theta, gradient);
    }
    for (let i = 0; i < labels.length; i++) this.drawPoint(i, points, labels[i], scores);
  }

  drawRegion(c, theta) {
    const polygon = decisionRegion(theta, c, EXTENT);
    let path = "";
    for (let k = 0; k < polygon.length; k += 2) {
      const [left, top] = [this.x(polygon[k]), this.y(polygon[k + 1])];
      path += `${k ? "L" : "M"}${left.toFixed(1)},${top.toFixed(1)}`;
    }
    this.regions[c].setAttribute("d", path && `${path}Z`);
    const name = this.names[c];
    name.setAttribute("visibility", path ? "visible" : "hidden");
    if (!path) return;
    const [x, y] = outerPlace(polygon);
    name.setAttribute("x", clamp(this.x(x), MARGIN + 30, this.side - MARGIN - 30).toFixed(1));
    name.setAttribute("y", clamp(this.y(y), MARGIN + 14, this.side - MARGIN - 6).toFixed(1));
  }

  // The zero-score line, from its middle the weights (the way in which the score rises), and from
  // their tip the way in which the next step of descent turns them.
  drawLine(c, theta, gradient) {
    const ends = zeroScoreLine(theta, c, EXTENT);
    const nodes = [this.zeroLines[c], this.weights[c], this.descents[c]];
    for (const node of nodes) node.setAttribute("visibility", ends ? "visible" : "hidden");
    if (!ends) return;
    const [x0, y0, x1, y1] = [
      this.x(ends[0]), this.y(ends[1]), this.x(ends[2]), this.y(ends[3]),
    ];
    const line = this.zeroLines[c];
    line.setAttribute("x1", x0.toFixed(1));
    line.setAttribute("y1", y0.toFixed(1));
    line.setAttribute("x2", x1.toFixed(1));
    line.setAttribute("y2", y1.toFixed(1));
    const from = [(x0 + x1) / 2, (y0 + y1) / 2];
    const tip = this.along(from, theta[c], theta[N_CLASSES + c]);
    const end = this.along(tip, -gradient[c], -gradient[N_CLASSES + c]);
    this.weights[c].setAttribute("d", arrowPath(...from, ...tip, 8));
    this.descents[c].setAttribute("d", arrowPath(...tip, ...end, 6));
  }

  // A weight of 1 is drawn 0.4 units long, and none longer than 0.9 units.
  along([x, y], u, v) {
    const length = Math.hypot(u, v);
    const scale = length ? this.unit * Math.min(0.4, 0.9 / length) : 0;
    return [x + u * scale, y - v * scale];
  }

  drawPoint(i, points, label, scores) {
    const node = this.marks[i];
    const x = points[2 * i];
    const y = points[2 * i + 1];
    const place = `translate(${this.x(x).toFixed(2)},${this.y(y).toFixed(2)})`;
    if (node.getAttribute("transform") !== place) {
      node.setAttribute("transform", place);
      const text = `point ${i}, class ${label}, at ${x.toFixed(2)}, ${y.toFixed(2)}`;
      node.setAttribute("aria-label", text);
    }
    const at = N_CLASSES * i;
    const best = Math.max(scores[at], scores[at + 1], scores[at + 2]);
    node.classList.toggle("wrong", scores[at + label] < best);
  }

  layPoints(labels) {
    this.labels = Array.from(labels);
    this.marks = this.labels.map((label, i) => this.makePoint(label, i));
    this.layers.points.replaceChildren(...this.marks);
  }

  makePoint(label, i) {
    const node = svgElement(
      "g",
      {
        class: "point",
        tabindex: "0",
        role: "button",
        "aria-roledescription": "movable point",
        "aria-keyshortcuts": "ArrowUp ArrowDown ArrowLeft ArrowRight",
        "data-point": i,
        onfocus: () => this.handlers.onSelect(i),
        onblur: () => this.handlers.onSelect(-1),
      },
      svgElement("circle", { class: "reach", r: 15 }),
      svgElement("circle", { class: "ring", r: 11.5 }),
      pointMark(label),
    );
    draggable(node, this.svg, {
      onStart: () => this.handlers.onMoveStart(i),
      onMove: (left, top) =>
        this.handlers.onMove(
          i,
          this.inside((left - MARGIN) / this.unit - EXTENT),
          this.inside(EXTENT - (top - MARGIN) / this.unit),
        ),
      onEnd: () => this.handlers.onMoveEnd(i),
    });
    movableByArrows(node, {
      fine: FINE,
      coarse: COARSE,
      onMove: (dx, dy) => this.handlers.onNudge(i, dx, dy),
    });
    return node;
  }

  inside(value) {
    return clamp(value, -EXTENT, EXTENT);
  }
}

// A place in a convex polygon near its border, on the far side of its middle from the origin:
// the points lie nearer to the origin, and are not covered there.
function outerPlace(polygon) {
  let [x, y] = [0, 0];
  for (let k = 0; k < polygon.length; k += 2) {
    x += (2 * polygon[k]) / polygon.length;
    y += (2 * polygon[k + 1]) / polygon.length;
  }
  const length = Math.hypot(x, y);
  const [u, v] = length > 0.2 ? [x / length, y / length] : [0, -1];
  let reach = Infinity;
  for (let k = 0; k < polygon.length; k += 2) {
    const next = (k + 2) % polygon.length;
    const [edgeX, edgeY] = [polygon[next] - polygon[k], polygon[next + 1] - polygon[k + 1]];
    const outward = u * edgeY - v * edgeX; // corners run counterclockwise
    const room = (polygon[k] - x) * edgeY - (polygon[k + 1] - y) * edgeX;
    if (outward > 0) reach = Math.min(reach, room / outward);
  }
  return Number.isFinite(reach) ? [x + 0.85 * reach * u, y + 0.85 * reach * v] : [x, y];
}

const PLANE_LABEL =
  "The plane with all points. Tab goes from point to point; the arrow keys move a point, " +
  "with Shift in larger steps.";
