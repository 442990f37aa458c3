// Update rules that race down a surface, with their learning rates in hand.

import { LogSlider, choice, element, labeled, note, setText } from "./drawing.js";
import { Scene, digits, floats, pairs } from "./scene.js";

const REACH = 1.5; // powers of ten that a slider goes below and above the rate it began with

export function render({ model, el }) {
  const race = new Race(model, el, {
    kind: "race",
    label: "A race of update rules",
    title: "Learning rates, and heights above the lowest point",
    mapNote:
      "Stars: the lowest points. Drag the ring to start elsewhere, or go to it with Tab and use " +
      "the arrow keys.",
    watched: "_heights",
  });
  return () => race.dispose();
}

class Race extends Scene {
  tools() {
    const names = this.model.get("_surfaces");
    this.choice = choice("Surface", names, {}, (name) => this.set("surface", name));
    return [labeled("surface", this.choice)];
  }

  beside() {
    this.table = element("div");
    return [this.table, note("Each slider is a learning rate, on a log scale; the last number is the height.")];
  }

  take() {
    if (this.surface !== this.model.get("surface")) this.changeSurface();
    const heights = floats(this.model.get("_heights"));
    const places = pairs(floats(this.model.get("_paths")));
    const n = heights.length / this.rows.length;
    this.last = n - 1;
    // A runner that left for infinity stays at its last place.
    const known = (from) => {
      const first = places.slice(from, from + n).findIndex(([x]) => Number.isNaN(x));
      return first < 0 ? n : first;
    };
    this.runs = this.rows.map((_, k) => {
      const end = k * n + known(k * n);
      return { places: places.slice(k * n, end), heights: heights.slice(k * n, end) };
    });
    this.model.get("rates").forEach((rate, k) => this.rows[k].slider.show(rate));
  }

  changeSurface() {
    this.surface = this.choice.value = this.model.get("surface");
    const colors = this.model.get("_colors");
    const rates = this.model.get("rates");
    this.rows = this.model.get("_runners").map((name, k) => {
      const box = element("input", {
        type: "checkbox", "aria-label": `show ${name}`, onchange: () => this.show(),
      });
      box.checked = true;
      const middle = Math.round(20 * Math.log10(rates[k])) / 20;
      const slider = new LogSlider(
        `Learning rate of ${name}`, name, middle - REACH, middle + REACH, false,
        (rate) => this.set("rates", this.model.get("rates").map((old, j) => (j === k ? rate : old))),
      );
      return { name, box, slider, color: colors[k], output: element("span", { class: "value" }) };
    });
    this.table.replaceChildren(
      ...this.rows.map(({ box, slider, color, output }) => {
        const swatch = element("i", { class: "swatch", style: `background: ${color}` });
        return element("div", { class: "runner" }, box, swatch, slider.node, output);
      }),
    );
  }

  drawInside(context) {
    const shown = this.runs.map((run, k) => ({ ...run, ...this.rows[k] }));
    const visible = shown.filter(({ box }) => box.checked);
    for (const { places, color } of visible) {
      this.map.drawPath(context, places.slice(0, this.at + 1), color);
    }
    visible.forEach(({ places, color }, k) => {
      this.map.drawDot(context, places[Math.min(this.at, places.length - 1)], 8 - k, color);
    });
    for (const { output, heights } of shown) setText(output, digits(this.reached(heights)));
  }

  reached(heights) {
    return heights[Math.min(this.at, heights.length - 1)];
  }

  told() {
    const reached = this.runs.map(({ heights }) => this.reached(heights));
    const lowest = Math.min(...reached);
    return `${this.rows[reached.indexOf(lowest)].name} is lowest, at ${digits(lowest)}.`;
  }
}
