// Two classes of points that move from (x, y) to (r, theta) by a slider, with the line of least squares.

import {
  element, followTheme, followWidth, setText, short, svgElement,
} from "./drawing.js";

const LARGEST = 440; // pixels
const EDGES = { left: 46, right: 14, top: 12, bottom: 40 };
const SHAPES = ["M0,-4A4,4 0 1 1 0,4A4,4 0 1 1 0,-4Z", "M0,-5.6L5.2,4H-5.2Z"];

// The line w . p + w0 = 0 that fits labels of -1 and 1 best by least squares, and the share of
// points on their own side. Written for 2-D points, as the normal equations of 3 unknowns.
export function bestLine(points, labels) {
  const normal = new Float64Array(12); // rows of (3 x 3 matrix | right-hand side)
  for (let i = 0; i < labels.length; i++) {
    const row = [points[2 * i], points[2 * i + 1], 1];
    const target = labels[i] ? 1 : -1;
    for (let p = 0; p < 3; p++) {
      for (let q = 0; q < 3; q++) normal[4 * p + q] += row[p] * row[q];
      normal[4 * p + 3] += row[p] * target;
    }
  }
  const line = solve(normal);
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const side = line[0] * points[2 * i] + line[1] * points[2 * i + 1] + line[2];
    right += side > 0 === labels[i] > 0;
  }
  return { line, accuracy: right / labels.length };
}

// Gaussian elimination of the three rows, with the largest pivot first.
function solve(rows) {
  const at = (p, q) => rows[4 * p + q];
  for (let p = 0; p < 3; p++) {
    let pivot = p;
    for (let k = p + 1; k < 3; k++) if (Math.abs(at(k, p)) > Math.abs(at(pivot, p))) pivot = k;
    for (let q = 0; q < 4; q++) {
      [rows[4 * p + q], rows[4 * pivot + q]] = [at(pivot, q), at(p, q)];
    }
    if (Math.abs(at(p, p)) < 1e-12) return [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      if (k === p) continue;
      const factor = at(k, p) / at(p, p);
      for (let q = 0; q < 4; q++) rows[4 * k + q] -= factor * at(p, q);
    }
  }
  return [0, 1, 2].map((p) => at(p, 3) / at(p, p));
}

export function between(from, to, share) {
  return from.map((value, k) => value + share * (to[k] - value));
}

export function render({ model, el }) {
  const explorer = new Rings(model, el);
  return () => explorer.dispose();
}

class Rings {
  constructor(model, holder) {
    this.model = model;
    this.from = Float64Array.from(model.get("points").flat());
    this.to = Float64Array.from(model.get("polar").flat());
    this.labels = Uint8Array.from(model.get("labels"));
    this.side = LARGEST;
    this.build(holder);
    this.onModel = () => this.saving || this.show();
    model.on("change:share", this.onModel);
  }

  dispose() {
    this.model.off("change:share", this.onModel);
    for (const undo of this.cleanups) undo();
  }

  build(holder) {
    this.slider = element("input", {
      type: "range", min: 0, max: 1, step: 0.01,
      "aria-label": "From Cartesian to polar coordinates",
      oninput: () => this.set(Number(this.slider.value)),
    });
    this.svg = svgElement("svg", { role: "img" });
    this.frame = svgElement("g");
    this.boundary = svgElement("path", { class: "boundary" });
    this.marks = Array.from(this.labels, (label) =>
      svgElement("path", { class: `mark class-${label}`, d: SHAPES[label] }),
    );
    this.svg.append(this.frame, ...this.marks, this.boundary);
    const svgHolder = element("div", { class: "holder" }, this.svg);
    this.readout = element("p", { class: "status", role: "status", "aria-live": "polite" });
    this.root = element(
      "div",
      {
        class: "loss-widget rings-explorer",
        role: "group",
        "aria-label": "Rings in Cartesian and polar coordinates",
      },
      element(
        "label",
        { class: "labeled long" },
        element("span", {}, "(x, y)"),
        this.slider,
        element("span", {}, "(r, θ)"),
      ),
      svgHolder,
      this.readout,
    );
    holder.append(this.root);
    this.cleanups = [
      followTheme(this.root, () => {}),
      followWidth(svgHolder, (width) => {
        this.side = Math.min(width, LARGEST);
        this.show();
      }),
    ];
  }

  set(share) {
    this.saving = true;
    this.model.set("share", share);
    this.saving = false;
    this.model.save_changes();
    this.show();
  }

  show() {
    const share = this.model.get("share");
    const points = between(this.from, this.to, share);
    const { line, accuracy } = bestLine(points, this.labels);
    this.place(points, share);
    this.boundary.setAttribute("d", this.linePath(line));
    this.slider.value = share;
    const percent = (part) => `${Math.round(100 * part)} %`;
    const where = { 0: "Cartesian", 1: "polar" }[share] ?? `${percent(share)} of the way`;
    this.slider.setAttribute("aria-valuetext", where);
    const words = `The least-squares line gets ${percent(accuracy)} of the points right (${where}).`;
    setText(this.readout, words);
    this.svg.setAttribute("aria-label", `Two rings of points and a line. ${words}`);
  }

  place(points, share) {
    const spans = [0, 1].map((d) => {
      const values = points.filter((_, k) => k % 2 === d);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const room = 0.08 * (high - low) || 1;
      return [low - room, high + room];
    });
    const inner = this.side - EDGES.left - EDGES.right;
    const bottom = EDGES.top + inner;
    const height = bottom + EDGES.bottom;
    this.spans = spans;
    this.x = (value) => EDGES.left + (inner * (value - spans[0][0])) / (spans[0][1] - spans[0][0]);
    this.y = (value) => bottom - (inner * (value - spans[1][0])) / (spans[1][1] - spans[1][0]);
    this.svg.setAttribute("viewBox", `0 0 ${this.side} ${height}`);
    this.svg.setAttribute("width", this.side);
    this.svg.setAttribute("height", height);
    this.marks.forEach((mark, i) => {
      const [left, top] = [this.x(points[2 * i]), this.y(points[2 * i + 1])];
      mark.setAttribute("transform", `translate(${left.toFixed(1)},${top.toFixed(1)})`);
    });
    const names = share < 0.5 ? ["x", "y"] : ["radius r", "angle θ (radians)"];
    const tick = (x, y, text, kind = "tick") => svgElement("text", { class: kind, x, y }, text);
    this.frame.replaceChildren(
      svgElement("path", {
        class: "axis", d: `M${EDGES.left},${EDGES.top}V${bottom}H${EDGES.left + inner}`,
      }),
      ...wholes(spans[0]).map((k) => tick(this.x(k), bottom + 16, short(k))),
      ...wholes(spans[1]).map((k) => tick(EDGES.left - 6, this.y(k) + 4, short(k), "tick left")),
      tick(EDGES.left + inner / 2, height - 6, names[0]),
      svgElement(
        "text",
        { class: "tick", transform: `translate(12,${EDGES.top + inner / 2}) rotate(-90)` },
        names[1],
      ),
    );
  }

  // The part of the line inside the frame: its crossings with the four sides, two of them.
  linePath([u, v, w]) {
    const [[left, right], [low, high]] = this.spans;
    const ends = [];
    for (const x of [left, right]) {
      const y = -(u * x + w) / v;
      if (y >= low && y <= high) ends.push([x, y]);
    }
    for (const y of [low, high]) {
      const x = -(v * y + w) / u;
      if (x > left && x < right) ends.push([x, y]);
    }
    if (ends.length < 2) return "";
    return `M${ends.map(([x, y]) => `${this.x(x).toFixed(1)},${this.y(y).toFixed(1)}`).join("L")}`;
  }
}

function wholes([low, high]) {
  const inside = [];
  for (let k = Math.ceil(low); k <= high; k++) inside.push(k);
  return inside;
}
