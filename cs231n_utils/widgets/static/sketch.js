// A curve to be drawn by hand over two axes: with mouse, pen or finger, or with the arrow keys.

import {
  clamp, draggable, element, followWidth, movableByArrows, setText, short, svgElement, ticks,
} from "./drawing.js";

const LARGEST = 560; // pixels
const EDGES = { left: 58, right: 16, top: 12, bottom: 44 };
const HELP =
  "Draw the curve from the left end to the right one. Keys: up and down move the end of the " +
  "curve, right draws on, left goes back; with Shift in larger steps.";

export class Sketch {
  // All places are shares of the axes, 0 to 1; `heights` has one for each place from the left.
  constructor({ axes, n_points: nPoints, question }) {
    this.axes = axes;
    this.heights = Array(nPoints).fill(null);
    this.at = 0;
    this.truth = [];
    this.frame = svgElement("g");
    this.mine = svgElement("path", { class: "curve" });
    this.right = svgElement("path", { class: "truth" });
    this.here = svgElement("circle", { class: "here", r: 5, visibility: "hidden" });
    this.svg = svgElement(
      "svg",
      { class: "sketch", tabindex: "0", role: "application", "aria-label": `${question} ${HELP}` },
      this.frame, this.mine, this.right, this.here,
    );
    this.where = element("p", { class: "status", "aria-live": "polite" }, HELP);
    this.keys = element("p", { class: "note" });
    const holder = element("div", { class: "holder" }, this.svg);
    this.root = element("div", {}, holder, this.where, this.keys);
    this.svg.addEventListener("focus", () => this.draw());
    this.svg.addEventListener("blur", () => this.here.setAttribute("visibility", "hidden"));
    let last = null; // the place before, so that a quick hand leaves no gap
    draggable(this.svg, this.svg, {
      onStart: () => (last = null),
      onMove: (left, top) => (last = this.drag(last, left, top)),
    });
    movableByArrows(this.svg, { fine: 1, coarse: 5, onMove: (dx, dy) => this.step(dx, dy) });
    this.undo = followWidth(holder, (width) => this.resize(Math.min(width, LARGEST)));
    this.resize(LARGEST);
  }

  dispose() {
    this.undo();
  }

  get wanted() {
    return "Draw the curve from the left end to the right one first.";
  }

  // The heights as values on the axis; null while much is missing. A little goes on level.
  said() {
    const drawn = this.heights.flatMap((height, i) => (height === null ? [] : [i]));
    if (drawn.length < 0.7 * this.heights.length) return null;
    this.heights = this.heights.map((height, i) => {
      const nearest = drawn.reduce((a, b) => (Math.abs(b - i) < Math.abs(a - i) ? b : a));
      return height ?? this.heights[nearest];
    });
    this.draw();
    return this.heights.map((share) => value(this.axes[1], share));
  }

  reveal({ truth, heights }) {
    this.truth = truth;
    if (heights.length) {
      const last = heights.length - 1;
      this.heights = this.heights.map((_, i) => {
        const place = (i * last) / (this.heights.length - 1);
        const low = Math.min(Math.floor(place), last - 1);
        return heights[low] + (place - low) * (heights[low + 1] - heights[low]);
      });
    }
    setText(this.keys, "Solid: what you drew. Dashed: the result.");
    this.draw();
  }

  drag(last, left, top) {
    const x = clamp((left - EDGES.left) / this.width, 0, 1);
    const y = clamp((EDGES.top + this.height - top) / this.height, 0, 1);
    const [fromX, fromY] = last ?? [x, y];
    const n = this.heights.length - 1;
    const [a, b] = [fromX, x].sort((p, q) => p - q).map((share) => share * n);
    for (let i = Math.ceil(a - 0.5); i <= b + 0.5; i++) {
      const along = x === fromX ? 1 : clamp((i / n - fromX) / (x - fromX), 0, 1);
      this.heights[i] = fromY + along * (y - fromY);
    }
    this.at = Math.round(x * n);
    this.draw();
    return [x, y];
  }

  // A place that is not drawn yet takes the height that the curve has come to.
  step(dx, dy) {
    const fine = 0.02;
    const reached = clamp(this.at + dx, 0, this.heights.length - 1);
    let height = this.heights[this.at] ?? 0.5;
    for (let i = Math.min(this.at, reached); i <= reached; i++) {
      height = this.heights[i] ??= height;
    }
    this.at = reached;
    this.heights[this.at] = clamp(this.heights[this.at] + fine * dy, 0, 1);
    this.draw();
    const [x, y] = [this.at / (this.heights.length - 1), this.heights[this.at]];
    const told = [x, y].map((share, d) => `${this.axes[d].name} ${short(value(this.axes[d], share))}`);
    setText(this.where, told.join(": "));
  }

  resize(side) {
    this.width = side - EDGES.left - EDGES.right;
    this.height = Math.max(Math.round(0.55 * this.width), 150); // room for the name of the axis
    const bottom = EDGES.top + this.height;
    const size = { viewBox: `0 0 ${side} ${bottom + EDGES.bottom}`, width: side };
    for (const [name, given] of Object.entries({ ...size, height: bottom + EDGES.bottom })) {
      this.svg.setAttribute(name, given);
    }
    const [across, up] = this.axes;
    const text = (kind, attributes, words) =>
      svgElement("text", { class: `tick ${kind}`, ...attributes }, words);
    this.frame.replaceChildren(
      svgElement("rect", {
        class: "paper", x: EDGES.left, y: EDGES.top, width: this.width, height: this.height,
      }),
      ...marks(across).flatMap(([share, words]) => [
        svgElement("path", { class: "grid", d: `M${this.x(share)},${EDGES.top}V${bottom}` }),
        text("", { x: this.x(share), y: bottom + 16 }, words),
      ]),
      ...marks(up).flatMap(([share, words]) => [
        svgElement("path", { class: "grid", d: `M${EDGES.left},${this.y(share)}h${this.width}` }),
        text("left", { x: EDGES.left - 6, y: this.y(share) + 4 }, words),
      ]),
      text("", { x: EDGES.left + this.width / 2, y: bottom + 36 }, across.name),
      text("", { transform: `translate(13,${EDGES.top + this.height / 2}) rotate(-90)` }, up.name),
    );
    this.draw();
  }

  x(share) {
    return Number((EDGES.left + share * this.width).toFixed(1));
  }

  y(share) {
    return Number((EDGES.top + (1 - share) * this.height).toFixed(1));
  }

  draw() {
    const n = this.heights.length - 1;
    let path = "";
    this.heights.forEach((height, i) => {
      if (height === null) return;
      path += `${i && this.heights[i - 1] !== null ? "L" : "M"}${this.x(i / n)},${this.y(height)}`;
    });
    this.mine.setAttribute("d", path);
    const places = this.truth.map(([across, up]) => `${this.x(across)},${this.y(up)}`);
    this.right.setAttribute("d", places.length ? `M${places.join("L")}` : "");
    this.here.setAttribute("cx", this.x(this.at / n));
    this.here.setAttribute("cy", this.y(this.heights[this.at] ?? 0.5));
    const focused = document.activeElement === this.svg;
    this.here.setAttribute("visibility", focused ? "visible" : "hidden");
  }
}

function value({ log, span: [low, high] }, share) {
  return log ? low * (high / low) ** share : low + share * (high - low);
}

// Round values on an axis, as shares and in words.
function marks({ log, span: [low, high] }) {
  if (!log) return ticks([low, high]).map((at) => [(at - low) / (high - low), short(at)]);
  const decades = [];
  for (let k = Math.ceil(Math.log10(low) - 1e-9); k <= Math.log10(high) + 1e-9; k++) decades.push(k);
  const every = Math.ceil(decades.length / 6);
  return decades
    .filter((_, i) => i % every === 0)
    .map((k) => [Math.log(10 ** k / low) / Math.log(high / low), short(10 ** k)]);
}
