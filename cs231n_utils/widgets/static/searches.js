// Random search, local search and gradient descent from one start, try by try on one map.

import {
  element, fixed, followTheme, note, pane, setText, textColor,
} from "./drawing.js";
import { PathMap } from "./map.js";
import { Player } from "./play.js";

const COLORS = ["#56B4E9", "#E69F00", "#FFFFFF"]; // seen on the dark map
const CELLS = 61; // as in searches.py

export function render({ model, el }) {
  const race = new Searches(model, el);
  return () => race.dispose();
}

// The numbers of the tries that were the lowest so far, the start among them.
export function records(heights) {
  const found = [0];
  heights.forEach((height, k) => {
    if (height < heights[found.at(-1)]) found.push(k);
  });
  return found;
}

class Searches {
  constructor(model, holder) {
    this.model = model;
    this.names = model.get("_names");
    this.at = 0;
    this.canvas = element("canvas", { role: "img" });
    this.map = new PathMap(this.canvas, CELLS, model.get("_ranges"));
    this.map.map.values.set(floats(model.get("_map")));
    this.player = new Player({
      advance: () => ++this.at < this.runs[0].heights.length - 1,
      restart: () => { this.at = 0; },
      draw: () => this.show(),
      settle: () => setText(this.status, this.words()),
      rate: 8,
    });
    const other = element("button", { type: "button", onclick: () => this.otherLuck() }, "Other luck");
    const mapHolder = element("div", { class: "holder" }, this.canvas);
    this.outputs = this.names.map(() => element("dd"));
    const rows = this.names.map((name, k) => {
      const swatch = element("i", { class: "swatch", style: `background: ${COLORS[k]}` });
      return element("div", {}, element("dt", {}, swatch, ` ${name}`), this.outputs[k]);
    });
    this.status = element("p", { class: "status", role: "status", "aria-live": "polite" });
    this.root = element(
      "div",
      { class: "loss-widget searches", role: "group", "aria-label": "Three searches on one map" },
      element("div", { class: "tools" }, this.player.node, other),
      element(
        "div",
        { class: "panes" },
        pane("From above; dark is low", mapHolder, note(MAP_NOTE)),
        pane("Lowest height so far", element("dl", { class: "sums" }, ...rows)),
      ),
      this.status,
    );
    holder.append(this.root);
    this.onModel = () => this.take();
    model.on("change:luck", this.onModel);
    this.cleanups = [
      followTheme(this.root, () => this.show()),
      this.map.attach(mapHolder, () => this.show()),
      this.player.attach(this.root),
    ];
    this.take();
  }

  dispose() {
    this.model.off("change:luck", this.onModel);
    for (const undo of this.cleanups) undo();
  }

  otherLuck() {
    this.model.set("luck", (this.model.get("luck") + 1) % this.model.get("_n_lucks"));
    this.model.save_changes();
  }

  take() {
    const [places, heights] = ["_places", "_heights"].map((name) => floats(this.model.get(name)));
    const n = heights.length / this.names.length / this.model.get("_n_lucks");
    this.runs = this.names.map((_, k) => {
      const first = (this.model.get("luck") * this.names.length + k) * n;
      const range = Array.from({ length: n }, (_, i) => first + i);
      return {
        places: range.map((i) => [places[2 * i], places[2 * i + 1]]),
        heights: Array.from(heights.subarray(first, first + n)),
      };
    });
    this.player.reset();
  }

  show() {
    if (!this.runs) return; // the theme is followed before anything is there
    this.map.draw(["first weight", "second weight"], textColor(this.root), (context) => {
      this.runs.forEach((run, k) => this.drawRun(context, run, k));
    });
    this.canvas.setAttribute("aria-label", `Map of the surface. ${this.words()}`);
    this.lowest().forEach((height, k) => setText(this.outputs[k], fixed(height)));
  }

  drawRun(context, { places, heights }, k) {
    const tried = places.slice(0, this.at + 1);
    const best = records(heights.slice(0, this.at + 1)).map((i) => places[i]);
    context.fillStyle = COLORS[k];
    for (const [x, y] of tried) context.fillRect(this.map.x(x) - 1.5, this.map.y(y) - 1.5, 3, 3);
    const walks = k > 0; // random search forgets where it was
    if (walks) this.map.drawPath(context, best, COLORS[k]);
    this.map.drawDot(context, best.at(-1), 8 - k, COLORS[k]);
  }

  lowest() {
    return this.runs.map(({ heights }) => Math.min(...heights.slice(0, this.at + 1)));
  }

  words() {
    const told = this.lowest().map((height, k) => `${this.names[k]} ${fixed(height)}`);
    return `After ${this.at} tries, lowest so far: ${told.join(", ")}.`;
  }
}

function floats(view) {
  return new Float64Array(new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer);
}

const MAP_NOTE =
  "Small squares: all that was tried. Large dots: the best so far. Lines: where local search and " +
  "gradient descent went.";
