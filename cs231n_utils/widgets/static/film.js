// A film in the reader's hands: each frame draws what changed over the one before.

import { element, followTheme } from "./drawing.js";
import { Player } from "./play.js";

export function render({ model, el }) {
  const film = new Film(model, el);
  return () => film.dispose();
}

class Film {
  constructor(model, holder) {
    this.places = model.get("places");
    this.last = this.places.length - 1;
    this.build(model, holder);
    const pictures = model.get("frames").map((frame) =>
      createImageBitmap(new Blob([frame], { type: "image/png" })),
    );
    Promise.all(pictures).then((bitmaps) => {
      this.bitmaps = bitmaps;
      this.at = this.last;
      this.draw();
    });
  }

  build(model, holder) {
    const [width, height, density] = model.get("size");
    this.canvas = element("canvas", {
      role: "img",
      "aria-label": model.get("alt"),
      width: Math.round(width * density),
      height: Math.round(height * density),
      style: `display: block; width: ${width}px; max-width: 100%; height: auto`,
    });
    this.slider = element("input", {
      type: "range", min: 0, max: this.last, step: 1, value: this.last,
      "aria-label": "Frame of the film",
      oninput: () => {
        this.player.pause();
        this.player.end(false);
        this.at = Number(this.slider.value);
        this.draw();
      },
    });
    this.at = this.last;
    this.player = new Player({
      advance: () => ++this.at < this.last,
      restart: () => { this.at = 0; },
      draw: () => this.draw(),
      rate: model.get("rate"),
    });
    this.player.end(true); // the poster is the last frame, and play begins at the first
    this.root = element(
      "div",
      { class: "loss-widget film", role: "group", "aria-label": "Film" },
      this.canvas,
      element("label", { class: "labeled long" }, element("span", {}, "frame"), this.slider),
      this.player.node,
    );
    holder.append(this.root);
    this.cleanups = [this.player.attach(this.root), followTheme(this.root, () => {})];
  }

  dispose() {
    for (const undo of this.cleanups) undo();
  }

  draw() {
    if (!this.bitmaps) return;
    const context = this.canvas.getContext("2d");
    const first = this.drawn < this.at ? this.drawn + 1 : 0;
    for (let k = first; k <= this.at; k++) context.drawImage(this.bitmaps[k], ...this.places[k]);
    this.drawn = this.at;
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", `${this.at + 1} of ${this.last + 1}`);
  }
}
