// Walks in a plane of the loss: a map over steps (a, b) along two directions, a point to drag, a
// direction to turn, and the slice of the loss along it. Scores are linear in the steps, so the
// three arrays of leads that Python sends are all that is needed for exact losses.

import {
  HeightMap, arrowPath, clamp, draggable, element, followTheme, followWidth, movableByArrows,
  note, pane, setText, short, sizedContext, svgElement, textColor, ticks,
} from "./drawing.js";

const CELLS = 61;
const SAMPLES = 241;
const LARGEST = 460; // pixels
const STACKED = 340; // where the panes lie one below the other, so that both can be seen
const EDGES = { left: 52, right: 58, top: 10, bottom: 40 };
const BAR = { gap: 10, width: 12 };
const SNAP = 8; // pixels between the point and a crease that it jumps to
const SNAP_ANGLE = Math.PI / 36;
const ON_CREASE = 1e-9;
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

  // Slopes of the loss at (a, b) along (u, v), just before the point and just after it: they
  // differ at a kink.
  slopes(a, b, u, v) {
    const [start, first, second] = this.leads;
    let [before, after] = [0, 0];
    for (let k = 0; k < start.length; k++) {
      const margin = start[k] + a * first[k] + b * second[k] + 1;
      const speed = this.speed(k, u, v);
      const bends = Math.abs(margin) < ON_CREASE;
      if (bends ? speed < 0 : margin > 0) before += speed;
      if (bends ? speed > 0 : margin > 0) after += speed;
    }
    const p = this.products;
    const norm = 2 * (u * (p[1] + a * p[4] + b * p[5]) + v * (p[2] + a * p[5] + b * p[8]));
    return [before, after].map((sum) => sum / this.nImages + this.reg * norm);
  }

  // How fast margin k grows along (u, v); exactly 0 along its own crease.
  speed(k, u, v) {
    const [, first, second] = this.leads;
    const speed = u * first[k] + v * second[k];
    return Math.abs(speed) < ON_CREASE * Math.hypot(first[k], second[k]) ? 0 : speed;
  }

  // The creases, straight lines on which one margin is 0: of each the point nearest to (a, b),
  // how far that is, and the direction (u, v) of the line.
  creases(a, b) {
    const [start, first, second] = this.leads;
    const found = [];
    for (let k = 0; k < start.length; k++) {
      const length = Math.hypot(first[k], second[k]);
      if (length === 0) continue;
      const [p, q] = [first[k] / length, second[k] / length];
      const away = (start[k] + a * first[k] + b * second[k] + 1) / length;
      found.push({ a: a - away * p, b: b - away * q, distance: Math.abs(away), u: -q, v: p });
    }
    return found;
  }

  nearestCrease(a, b) {
    const nearer = (best, one) => (one.distance < best.distance ? one : best);
    return this.creases(a, b).reduce(nearer, { distance: Infinity });
  }

  // Steps t at which the loss bends along (a + t u, b + t v), between low and high.
  kinks(a, b, u, v, [low, high]) {
    const [start, first, second] = this.leads;
    const found = [];
    for (let k = 0; k < start.length; k++) {
      const speed = this.speed(k, u, v);
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

  // As moveTo, but onto a crease that is drawn close by.
  dragTo(a, b) {
    const { distance, ...crease } = this.plane.nearestCrease(a, b);
    const snaps = this.toggle.checked && (distance * this.inner) / (2 * this.extent) < SNAP;
    this.moveTo(snaps ? crease.a : a, snaps ? crease.b : b);
  }

  turnTo(angle) {
    this.set({ angle: Math.atan2(Math.sin(angle), Math.cos(angle)) });
  }

  // As turnTo, but exactly along or across the crease that the point is on.
  swingTo(angle) {
    const crease = this.plane.nearestCrease(this.state.a, this.state.b);
    const along = Math.atan2(crease.v, crease.u);
    const quarters = Math.round((angle - along) / (Math.PI / 2));
    const turned = along + (quarters * Math.PI) / 2;
    const snaps = crease.distance < ON_CREASE && Math.abs(angle - turned) < SNAP_ANGLE;
    this.turnTo(this.toggle.checked && snaps ? turned : angle);
  }

  goToCrease() {
    const { a, b, u, v, distance } = this.plane.nearestCrease(this.state.a, this.state.b);
    if (distance < this.extent) this.set({ a, b, angle: Math.atan2(v, u) });
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
    this.lines = svgElement("path", { class: "crease" });
    this.toggle = element("input", { type: "checkbox", onchange: () => this.show() });
    this.toggle.checked = true;
    this.overlay.append(this.lines, this.ray, this.under, this.way, this.point, this.tip);
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
        { class: "tools" },
        element("label", { class: "labeled" }, this.toggle, element("span", {}, "show creases")),
        element("button", { onclick: () => this.goToCrease() }, "Go to the nearest crease"),
      ),
      element(
        "div",
        { class: "panes" },
        pane("The loss at W + a W1 + b W2, from above", mapHolder, note(MAP_NOTE)),
        pane("The slice through the point, along the arrow", this.chart, note(CHART_NOTE)),
      ),
      this.readout,
    );
    holder.append(this.root);
    this.cleanups = [
      followTheme(this.root, () => this.show()),
      followWidth(mapHolder, (width) => {
        const stacked = width > 0.7 * this.root.clientWidth;
        this.side = Math.min(width, stacked ? STACKED : LARGEST);
        this.show();
      }),
    ];
    this.listen();
  }

  listen() {
    const frame = this.overlay;
    draggable(this.point, frame, {
      onMove: (left, top) => this.dragTo(this.stepAt(left), -this.stepAt(top, EDGES.top)),
    });
    draggable(this.tip, frame, {
      onMove: (left, top) => {
        const { a, b } = this.state;
        this.swingTo(Math.atan2(this.y(b) - top, left - this.x(a)));
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
    this.text = textColor(this.root);
    this.showMap();
    this.showHandles();
    this.showChart();
    const { a, b, u, v } = this.state;
    const [before, after] = this.plane.slopes(a, b, u, v).map(short);
    const slope =
      before === after ? `slope ${before}` : `a kink: slope ${before} before it, ${after} after,`;
    setText(
      this.readout,
      `a = ${short(a)}, b = ${short(b)}: loss ${short(this.plane.at(a, b))}, ${slope} ` +
        "for each unit along the arrow.",
    );
  }

  showMap() {
    const { inner, extent, height } = this;
    const context = sizedContext(this.canvas, this.side, height);
    this.map.draw(context, EDGES.left, EDGES.top, inner, inner);
    context.fillStyle = this.text;
    context.font = "12px system-ui, sans-serif";
    for (const step of ticks([-extent, extent])) {
      context.textAlign = "center";
      context.fillText(short(step), this.x(step), height - 24);
      context.textAlign = "right";
      context.fillText(short(step), EDGES.left - 5, this.y(step) + 4);
    }
    const bar = EDGES.left + inner + BAR.gap;
    this.map.drawBar(context, bar, EDGES.top, BAR.width, inner);
    context.fillStyle = this.text;
    context.textAlign = "left";
    const [floor, ceiling] = this.map.range;
    for (const loss of ticks(this.map.range)) {
      const up = (inner * (loss - floor)) / (ceiling - floor || 1);
      context.fillText(short(loss), bar + BAR.width + 4, EDGES.top + inner - up + 4);
    }
    context.fillText("loss", bar, height - 24);
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
    this.ray.setAttribute("d", this.across({ a, b, u, v }));
    const creases = this.toggle.checked ? this.plane.creases(0, 0) : [];
    this.lines.setAttribute("d", creases.map((crease) => this.across(crease)).join(""));
    this.point.setAttribute("transform", `translate(${left},${top})`);
    this.tip.setAttribute("transform", `translate(${tipLeft},${tipTop})`);
  }

  // The line through (a, b) along (u, v) across the map, as an SVG path; empty off the map.
  across(line) {
    const [low, high] = this.reach(line);
    const end = (t) => `${this.x(line.a + t * line.u)},${this.y(line.b + t * line.v)}`;
    return low < high ? `M${end(low)}L${end(high)}` : "";
  }

  // The steps t along (u, v) between which the line stays on the map.
  reach({ a, b, u, v }) {
    let [low, high] = [-Infinity, Infinity];
    for (const [place, speed] of [[a, u], [b, v]]) {
      if (Math.abs(speed) < 1e-12) {
        if (Math.abs(place) > this.extent) return [0, 0];
        continue;
      }
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
    const [low, high] = this.reach(this.state);
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
    const [before, after] = this.plane.slopes(a, b, u, v);
    const kinks = this.plane.kinks(a, b, u, v, [low, high]);
    const ends = [[low, before], [0, after], [high, after]];
    const tangent = ends.map(([t, slope]) => `${x(t)},${y(here + slope * t)}`);
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
      ...ticks([low, high]).map((t) => text(x(t), bottom + 16, short(t))),
      ...ticks([floor, ceiling]).map((loss) =>
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
      `The loss along the arrow bends ${kinks.length} times; slope before the point ${short(before)}, ` +
        `after it ${short(after)}.`,
    );
  }
}

const MAP_LABEL = "Map of the loss over the steps a and b; dark is low.";
const MAP_NOTE =
  "Orange lines are creases, where the loss bends. Drag the circle to move the point (it snaps to a " +
  "crease), the square to turn the direction; or go to them with Tab and use the arrow keys, with " +
  "Shift in larger steps.";
const CHART_NOTE =
  "Dot: the point. Dashed: what the slopes on its two sides predict. Thin upright lines: kinks, " +
  "where there are few enough to be seen.";

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
