// Walks in a plane of the loss: a map over steps (a, b) along two directions, a point to drag, a
// direction to turn, and the slice of the loss along it. Scores are linear in the steps, so the
// three arrays of leads that Python sends are all that is needed for exact losses.

import {
  HeightMap, arrowPath, clamp, draggable, element, followTheme, followWidth, movableByArrows,
  setText, short, sizedContext, svgElement,
} from "./drawing.js";

const CELLS = 61;
const SAMPLES = 241;
const LARGEST = 380; // pixels
const EDGES = { left: 48, right: 14, top: 10, bottom: 40 };
const ARM = 0.55; // of the extent: the length of the arrow that shows the direction
const MOST_KINKS = 60; // more would be a gray wall
const SYNCED = ["a", "b", "angle"];

// The plane: leads[k] is a Float64Array of the lead of each class's score over the label's, for
// every image, without the label's own; k is 0 for the start, 1 and 2 for the directions.
export class LossPlane {
  constructor(leads, nImages, reg, products) {
    Object.assign(this, { leads, nImages, reg, products });
  }

  at(a, b) {
    const [start, first, second] = this.leads;
    let sum = 0;
    for (let k = 0; k < start.length; k++) {
      const margin = start[k] + a * first[k] + b * second[k] + 1;
      if (margin > 0) sum += margin;
    }
    return sum / this.nImages + this.reg * this.squaredNorm(a, b);
  }

  // sum(W**2) at the point, from the dot products of start and directions (3 x 3, row by row).
  squaredNorm(a, b) {
    const steps = [1, a, b];
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) sum += this.products[3 * i + j] * steps[i] * steps[j];
    }
    return sum;
  }

  // Slope of the loss at (a, b) along (u, v); at a kink, that of the inactive side.
  slope(a, b, u, v) {
    const [start, first, second] = this.leads;
    let sum = 0;
    for (let k = 0; k < start.length; k++) {
      const margin = start[k] + a * first[k] + b * second[k] + 1;
      if (margin > 0) sum += u * first[k] + v * second[k];
    }
    const p = this.products;
    const norm = 2 * (u * (p[1] + a * p[4] + b * p[5]) + v * (p[2] + a * p[5] + b * p[8]));
    return sum / this.nImages + this.reg * norm;
  }

  // Steps t at which the loss bends along (a + t u, b + t v), between low and high.
  kinks(a, b, u, v, [low, high]) {
    const [start, first, second] = this.leads;
    const found = [];
    for (let k = 0; k < start.length; k++) {
      const speed = u * first[k] + v * second[k];
      if (speed === 0) continue;
      const t = -(start[k] + a * first[k] + b * second[k] + 1) / speed;
      if (t > low && t < high) found.push(t);
    }
    return found.sort((s, t) => s - t);
  }
}

export function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.dispose();
}

class Explorer {
  constructor(model, holder) {
    this.model = model;
    this.extent = model.get("extent");
    this.plane = planeOf(model);
    this.side = LARGEST;
    this.map = new HeightMap(CELLS);
    this.fillMap();
    this.build(holder);
    this.onModel = () => this.saving || this.show();
    for (const name of SYNCED) model.on(`change:${name}`, this.onModel);
  }

  dispose() {
    for (const name of SYNCED) this.model.off(`change:${name}`, this.onModel);
    for (const undo of this.cleanups) undo();
  }

  fillMap() {
    const step = (k) => this.extent * ((2 * k) / (CELLS - 1) - 1);
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        this.map.values[row * CELLS + column] = this.plane.at(step(column), step(row));
      }
    }
  }

  // ---------------------------------------------------------------- state

  get state() {
    const [a, b, angle] = SYNCED.map((name) => this.model.get(name));
    return { a, b, angle, u: Math.cos(angle), v: Math.sin(angle) };
  }

  set(values) {
    this.saving = true;
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.saving = false;
    this.model.save_changes();
    this.show();
  }

  moveTo(a, b) {
    const inside = (value) => clamp(value, -this.extent, this.extent);
    this.set({ a: inside(a), b: inside(b) });
  }

  turnTo(angle) {
    this.set({ angle: Math.atan2(Math.sin(angle), Math.cos(angle)) });
  }

  // ---------------------------------------------------------------- building

  build(holder) {
    this.canvas = element("canvas", { role: "img", "aria-label": MAP_LABEL });
    this.overlay = svgElement("svg", { role: "application", "aria-label": MAP_LABEL });
    this.chart = svgElement("svg", { role: "img" });
    this.point = handle("Point (a, b); the arrow keys move it");
    this.tip = handle("Direction; the arrow keys turn it");
    this.under = svgElement("path", { class: "way under" });
    this.way = svgElement("path", { class: "way" });
    this.ray = svgElement("path", { class: "ray" });
    this.overlay.append(this.ray, this.under, this.way, this.point, this.tip);
    const mapHolder = element("div", { class: "holder stack" }, this.canvas, this.overlay);
    this.readout = element("p", { class: "status", role: "status", "aria-live": "polite" });
    this.root = element(
      "div",
      {
        class: "loss-widget slice-explorer",
        role: "group",
        "aria-label": "Slices of the loss",
      },
      element(
        "div",
        { class: "panes" },
        pane("The loss at W + a W1 + b W2, from above", mapHolder, MAP_NOTE),
        pane("The slice through the point, along the arrow", this.chart, CHART_NOTE),
      ),
      this.readout,
    );
    holder.append(this.root);
    this.cleanups = [
      followTheme(this.root, () => this.show()),
      followWidth(mapHolder, (width) => {
        this.side = Math.min(width, LARGEST);
        this.show();
      }),
    ];
    this.listen();
  }

  listen() {
    const frame = this.overlay;
    draggable(this.point, frame, {
      onMove: (left, top) => this.moveTo(this.stepAt(left), -this.stepAt(top, EDGES.top)),
    });
    draggable(this.tip, frame, {
      onMove: (left, top) => {
        const { a, b } = this.state;
        this.turnTo(Math.atan2(this.y(b) - top, left - this.x(a)));
      },
    });
    const fine = this.extent / 40;
    movableByArrows(this.point, {
      fine,
      coarse: 5 * fine,
      onMove: (da, db) => this.moveTo(this.state.a + da, this.state.b + db),
    });
    const degree = Math.PI / 180;
    movableByArrows(this.tip, {
      fine: 2 * degree,
      coarse: 15 * degree,
      onMove: (right, up) => this.turnTo(this.state.angle + up - right),
    });
  }

  // ---------------------------------------------------------------- showing

  get inner() {
    return this.side - EDGES.left - EDGES.right;
  }

  x(step) {
    return EDGES.left + (this.inner * (step / this.extent + 1)) / 2;
  }

  y(step) {
    return EDGES.top + (this.inner * (1 - step / this.extent)) / 2;
  }

  stepAt(pixel, edge = EDGES.left) {
    return this.extent * ((2 * (pixel - edge)) / this.inner - 1);
  }

  get height() {
    return EDGES.top + this.inner + EDGES.bottom;
  }

  show() {
    this.text = this.root.dataset.theme === "dark" ? "#e6e6e6" : "#1a1a1a";
    this.showMap();
    this.showHandles();
    this.showChart();
    const { a, b, u, v } = this.state;
    const slope = short(this.plane.slope(a, b, u, v));
    setText(
      this.readout,
      `a = ${short(a)}, b = ${short(b)}: loss ${short(this.plane.at(a, b))}, slope ${slope} ` +
        "for each unit along the arrow.",
    );
  }

  showMap() {
    const { inner, extent, height } = this;
    const context = sizedContext(this.canvas, this.side, height);
    this.map.draw(context, EDGES.left, EDGES.top, inner, inner);
    context.fillStyle = this.text;
    context.font = "12px system-ui, sans-serif";
    for (const share of [-1, -0.5, 0, 0.5, 1]) {
      context.textAlign = "center";
      context.fillText(short(share * extent), this.x(share * extent), height - 24);
      context.textAlign = "right";
      context.fillText(short(share * extent), EDGES.left - 5, this.y(share * extent) + 4);
    }
    context.textAlign = "center";
    context.fillText("step a along W1", this.x(0), height - 6);
    context.translate(10, this.y(0));
    context.rotate(-Math.PI / 2);
    context.fillText("step b along W2", 0, 0);
  }

  showHandles() {
    const { a, b, u, v } = this.state;
    size(this.overlay, this.side, this.height);
    const arm = (ARM * this.inner) / 2;
    const [left, top] = [this.x(a), this.y(b)];
    const [tipLeft, tipTop] = [left + arm * u, top - arm * v];
    const shaft = arm - 11; // the head ends where the grip begins
    const arrow = arrowPath(left, top, left + shaft * u, top - shaft * v, 11);
    this.under.setAttribute("d", arrow);
    this.way.setAttribute("d", arrow);
    const [low, high] = this.reach();
    const end = (t) => `${this.x(a + t * u)},${this.y(b + t * v)}`;
    this.ray.setAttribute("d", `M${end(low)}L${end(high)}`);
    this.point.setAttribute("transform", `translate(${left},${top})`);
    this.tip.setAttribute("transform", `translate(${tipLeft},${tipTop})`);
  }

  // The steps t along the arrow between which the ray stays on the map.
  reach() {
    const { a, b, u, v } = this.state;
    let [low, high] = [-Infinity, Infinity];
    for (const [place, speed] of [[a, u], [b, v]]) {
      if (Math.abs(speed) < 1e-12) continue;
      const ends = [(-this.extent - place) / speed, (this.extent - place) / speed];
      low = Math.max(low, Math.min(...ends));
      high = Math.min(high, Math.max(...ends));
    }
    return [low, high];
  }

  showChart() {
    const { a, b, u, v } = this.state;
    const { inner, height, chart } = this;
    size(chart, this.side, height);
    const [low, high] = this.reach();
    const losses = Array.from({ length: SAMPLES }, (_, k) => {
      const t = low + ((high - low) * k) / (SAMPLES - 1);
      return [t, this.plane.at(a + t * u, b + t * v)];
    });
    // The scale is the whole map's, so that turning the arrow does not change it.
    const [floor, ceiling] = this.map.range;
    const x = (t) => EDGES.left + (inner * (t - low)) / (high - low);
    const y = (loss) => EDGES.top + (inner * (ceiling - loss)) / (ceiling - floor || 1);
    const line = losses.map(([t, loss], k) => `${k ? "L" : "M"}${x(t)},${y(loss)}`).join("");
    const here = this.plane.at(a, b);
    const slope = this.plane.slope(a, b, u, v);
    const kinks = this.plane.kinks(a, b, u, v, [low, high]);
    const tangent = [low, high].map((t) => `${x(t)},${y(here + slope * t)}`);
    const clip = svgElement("svg", {
      x: EDGES.left, y: EDGES.top, width: inner, height: inner,
      viewBox: `${EDGES.left} ${EDGES.top} ${inner} ${inner}`,
    });
    if (kinks.length <= MOST_KINKS) {
      for (const t of kinks) {
        clip.append(
          svgElement("path", { class: "kink", d: `M${x(t)},${EDGES.top}V${EDGES.top + inner}` }),
        );
      }
    }
    clip.append(
      svgElement("path", { class: "tangent", d: `M${tangent.join("L")}` }),
      svgElement("path", { class: "curve", d: line }),
      svgElement("circle", { class: "here", cx: x(0), cy: y(here), r: 6 }),
    );
    const bottom = EDGES.top + inner;
    chart.replaceChildren(
      svgElement("path", {
        class: "axis", d: `M${EDGES.left},${EDGES.top}V${bottom}H${EDGES.left + inner}`,
      }),
      clip,
      ...[low, 0, high].map((t) => text(x(t), bottom + 16, short(t))),
      ...[floor, (floor + ceiling) / 2, ceiling].map((loss) =>
        text(EDGES.left - 5, y(loss) + 4, short(loss), "tick left"),
      ),
      text(EDGES.left + inner / 2, height - 6, "step t along the arrow"),
      svgElement(
        "text",
        { class: "tick", transform: `translate(10,${EDGES.top + inner / 2}) rotate(-90)` },
        "loss",
      ),
    );
    chart.setAttribute(
      "aria-label",
      `The loss along the arrow bends ${kinks.length} times; slope at the point ${short(slope)}.`,
    );
  }
}

const MAP_LABEL = "Map of the loss over the steps a and b; dark is low.";
const MAP_NOTE =
  "Dark is low. Drag the circle to move the point, the square to turn the direction; or go to " +
  "them with Tab and use the arrow keys, with Shift in larger steps.";
const CHART_NOTE =
  "Dot: the point. Dashed: the line that the slope at the point predicts. Thin upright lines: " +
  "kinks, where there are few enough to be seen.";

function planeOf(model) {
  const view = model.get("_leads");
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const leads = new Float64Array(bytes.buffer);
  const n = leads.length / 3;
  const thirds = [0, 1, 2].map((k) => leads.subarray(k * n, (k + 1) * n));
  const products = Float64Array.from(model.get("_products").flat());
  return new LossPlane(thirds, model.get("_n_images"), model.get("reg"), products);
}

function handle(label) {
  const square = label.startsWith("Direction");
  return svgElement(
    "g",
    { class: "handle", tabindex: "0", role: "button", "aria-label": label },
    svgElement("circle", { class: "reach", r: 16 }),
    svgElement("circle", { class: "ring", r: 12 }),
    square
      ? svgElement("rect", { class: "grip", x: -6, y: -6, width: 12, height: 12 })
      : svgElement("circle", { class: "grip", r: 7.5 }),
  );
}

function text(x, y, words, kind = "tick") {
  return svgElement("text", { class: kind, x, y }, words);
}

function size(svg, width, height) {
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
}

function pane(title, content, note) {
  return element(
    "section",
    { class: "pane" },
    element("h4", {}, title),
    content,
    element("p", { class: "note" }, note),
  );
}
