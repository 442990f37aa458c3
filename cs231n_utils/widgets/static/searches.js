// Random search, local search and gradient descent from one start, try by try on one map.

import { element, note, setText } from "./drawing.js";
import { Scene, digits, floats, pairs } from "./scene.js";

const COLORS = ["#56B4E9", "#E69F00", "#FFFFFF"]; // seen on the dark map

export function render({ model, el }) {
  const race = new Searches(model, el, {
    kind: "searches",
    label: "Three searches on one map",
    title: "Lowest height so far",
    mapNote:
      "Small squares: all that was tried. Lines: where local search and gradient descent went. Drag " +
      "the ring to start elsewhere, or go to it with Tab and use the arrow keys.",
    watched: "_heights",
  });
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

class Searches extends Scene {
  tools() {
    const onclick = () => this.set("seed", this.model.get("seed") + 1);
    return [element("button", { type: "button", onclick }, "Other luck")];
  }

  beside() {
    this.names = this.model.get("_names");
    this.outputs = this.names.map(() => element("span", { class: "value" }));
    const rows = this.names.map((name, k) => {
      const swatch = element("i", { class: "swatch", style: `background: ${COLORS[k]}` });
      return element("div", { class: "runner" }, swatch, this.outputs[k], element("span", {}, name));
    });
    return [...rows, note("Large dots on the map: where these heights are.")];
  }

  take() {
    const places = pairs(floats(this.model.get("_paths")));
    const heights = Array.from(floats(this.model.get("_heights")));
    const n = heights.length / this.names.length;
    this.runs = this.names.map((_, k) => ({
      places: places.slice(k * n, (k + 1) * n),
      heights: heights.slice(k * n, (k + 1) * n),
    }));
    this.last = n - 1;
  }

  drawInside(context) {
    this.runs.forEach(({ places, heights }, k) => {
      const best = records(heights.slice(0, this.at + 1)).map((i) => places[i]);
      context.fillStyle = COLORS[k];
      for (const [x, y] of places.slice(0, this.at + 1)) {
        context.fillRect(this.map.x(x) - 1.5, this.map.y(y) - 1.5, 3, 3);
      }
      const walks = k > 0; // random search forgets where it was
      if (walks) this.map.drawPath(context, best, COLORS[k]);
      this.map.drawDot(context, best.at(-1), 8 - k, COLORS[k]);
    });
    this.lowest().forEach((height, k) => setText(this.outputs[k], digits(height)));
  }

  lowest() {
    return this.runs.map(({ heights }) => Math.min(...heights.slice(0, this.at + 1)));
  }

  told() {
    return `${this.lowest().map((height, k) => `${this.names[k]} ${digits(height)}`).join(", ")}.`;
  }
}
