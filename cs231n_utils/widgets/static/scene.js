// A map of a surface on which runs are played: a start to drag, a player, what a widget puts beside
// the map, and a line that tells how things stand. Python computes the runs at every change.

import {
  clamp, draggable, element, followTheme, movableByArrows, note, pane, setText, svgElement, textColor,
} from "./drawing.js";
import { PathMap } from "./map.js";
import { Player } from "./play.js";

const CELLS = 61; // as in scene.py

export class Scene {
  // A subclass has tools() and beside(), the nodes above and right of the map; take(), which reads
  // the runs from the model and sets `last`, their number of steps; drawInside(context), which
  // draws step `at` on the map; told(), a sentence about it. `watched` is the name of the trait
  // that Python assigns last.
  constructor(model, holder, { kind, label, title, mapNote, watched }) {
    this.model = model;
    this.last = 0;
    this.player = new Player({
      advance: () => ++this.at < this.last,
      restart: () => { this.at = 0; },
      draw: () => this.show(),
      settle: () => this.tell(),
      rate: 20,
    });
    this.player.end(true); // the whole run is seen first
    this.canvas = element("canvas", { role: "img" });
    this.map = new PathMap(this.canvas, CELLS);
    this.handle = svgElement(
      "g",
      { class: "handle", tabindex: "0", role: "button", "aria-label": "Start; arrow keys move it" },
      svgElement("circle", { class: "reach", r: 16 }),
      svgElement("circle", { class: "ring", r: 12 }),
      svgElement("circle", { class: "grip", r: 5 }),
    );
    this.overlay = svgElement("svg", {}, this.handle);
    const mapHolder = element("div", { class: "holder stack" }, this.canvas, this.overlay);
    this.status = element("p", { class: "status", role: "status", "aria-live": "polite" });
    this.root = element(
      "div",
      { class: `loss-widget ${kind}`, role: "group", "aria-label": label },
      element("div", { class: "tools" }, ...this.tools(), this.player.node),
      element(
        "div",
        { class: "panes" },
        pane("From above; dark is low", mapHolder, note(mapNote)),
        pane(title, ...this.beside()),
      ),
      this.status,
    );
    holder.append(this.root);
    this.listen();
    const onModel = () => this.update();
    model.on(`change:${watched}`, onModel);
    this.cleanups = [
      () => model.off(`change:${watched}`, onModel),
      followTheme(this.root, () => this.show()),
      this.map.attach(mapHolder, () => this.show()),
      this.player.attach(this.root),
    ];
    this.update();
  }

  dispose() {
    for (const undo of this.cleanups) undo();
  }

  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  listen() {
    draggable(this.handle, this.overlay, {
      onMove: (left, top) => this.startAt(this.map.placeAt(left, top)),
    });
    movableByArrows(this.handle, {
      fine: 0.02,
      coarse: 0.1,
      onMove: (dx, dy) => {
        const [x, y] = this.model.get("start");
        const [[left, right]] = this.map.ranges;
        this.startAt([x + dx * (right - left), y + dy * (right - left)]);
      },
    });
  }

  startAt(place) {
    this.set("start", place.map((value, k) => clamp(value, ...this.map.ranges[k])));
  }

  update() {
    this.map.ranges = this.model.get("_ranges");
    this.map.map.values.set(floats(this.model.get("_map")));
    this.take();
    this.at = this.player.ended ? this.last : Math.min(this.at, this.last);
    this.show();
    if (!this.player.playing) this.tell();
  }

  show() {
    if (this.at === undefined) return; // the theme is followed before anything is there
    this.map.draw(["weight x", "weight y"], textColor(this.root), (context) => {
      for (const place of this.model.get("_minima")) this.map.drawStar(context, place);
      this.drawInside(context);
    });
    this.map.cover(this.overlay);
    const [x, y] = this.model.get("start");
    this.handle.setAttribute("transform", `translate(${this.map.x(x)},${this.map.y(y)})`);
  }

  tell() {
    const words = `Step ${this.at} of ${this.last}: ${this.told()}`;
    setText(this.status, words);
    this.canvas.setAttribute("aria-label", `Map of the surface. ${words}`);
  }
}

// What Python sent as bytes.
export function floats(view) {
  return new Float64Array(new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice().buffer);
}

// Rows of two numbers each.
export function pairs(numbers) {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
}

// Two digits, also of what is tiny.
export function digits(value) {
  const tiny = value !== 0 && Math.abs(value) < 1e-3;
  const text = tiny ? value.toExponential(1) : String(Number(value.toPrecision(2)));
  return text.replace("-", "\u2212");
}
