// Minibatch gradients around the full one, and the walk of SGD, with the batch size in hand.

import { LogSlider, element, labeled, note, setText } from "./drawing.js";
import { Scene, digits, floats, pairs } from "./scene.js";

const ARROW = 0.5; // as in noise.py
const CLOUD = "#56B4E9";

export function render({ model, el }) {
  const scene = new Noise(model, el, {
    kind: "noise",
    label: "Batch size and the noise of the gradient",
    title: "The batches",
    mapNote:
      "Star: the lowest point. Arrow: downhill by the full gradient; dots: where 40 minibatches " +
      "point instead. Drag the ring to start elsewhere, or go to it with Tab and use the arrow keys.",
    watched: "_heights",
  });
  return () => scene.dispose();
}

class Noise extends Scene {
  tools() {
    const again = () => this.set("seed", this.model.get("seed") + 1);
    return [element("button", { onclick: again }, "Other batches")];
  }

  beside() {
    this.size = element("input", {
      type: "range", min: 0, max: 8, step: 1, "aria-label": "Batch size, in powers of two",
      oninput: () => this.set("batch_size", 2 ** Number(this.size.value)),
    });
    this.sizeOutput = element("span", { class: "value" });
    this.step = new LogSlider("Step size", "step size", -2, -0.5, false, (value) =>
      this.set("step_size", value),
    );
    this.sums = ["cosine with the full gradient", "noise / |full gradient|²", "height above the lowest point",
      "… mean of the last 20 steps"].map((words) => [words, element("dd", {})]);
    return [
      element("div", { class: "runner" }, labeled("batch size", this.size, this.sizeOutput)),
      element("div", { class: "runner" }, this.step.node),
      element(
        "dl",
        { class: "sums" },
        ...this.sums.map(([words, value]) => element("div", {}, element("dt", {}, words), value)),
      ),
      note("Cosine and noise are means over the 40 dots, at the step that is shown."),
    ];
  }

  take() {
    this.path = pairs(floats(this.model.get("_paths")));
    this.clouds = pairs(floats(this.model.get("_clouds")));
    this.full = pairs(floats(this.model.get("_full")));
    this.agreement = pairs(floats(this.model.get("_agreement")));
    this.heights = floats(this.model.get("_heights"));
    this.last = this.path.length - 1;
    const size = this.model.get("batch_size");
    this.size.value = Math.log2(size);
    setText(this.sizeOutput, String(size));
    this.size.setAttribute("aria-valuetext", `${size} points`);
    this.step.show(this.model.get("step_size"));
  }

  // The minibatch gradients at the step that is shown.
  get cloud() {
    const n = this.clouds.length / this.path.length;
    return this.clouds.slice(this.at * n, (this.at + 1) * n);
  }

  drawInside(context) {
    const here = this.path[this.at];
    const downhill = ([u, v]) => [here[0] - ARROW * u, here[1] - ARROW * v];
    this.map.drawPath(context, this.path.slice(0, this.at + 1));
    for (const gradient of this.cloud) this.map.drawDot(context, downhill(gradient), 3, CLOUD);
    const tip = downhill(this.full[this.at]);
    this.map.drawArrow(
      context, here, this.map.x(tip[0]) - this.map.x(here[0]), this.map.y(here[1]) - this.map.y(tip[1]),
    );
    this.map.drawDot(context, here, 5);
    const [cosine, noise] = this.agreement[this.at];
    const late = this.heights.slice(Math.max(0, this.at - 19), this.at + 1);
    const mean = late.reduce((sum, height) => sum + height, 0) / late.length;
    const shown = [cosine.toFixed(2), digits(noise), digits(this.heights[this.at]), digits(mean)];
    this.sums.forEach(([, node], k) => setText(node, shown[k]));
  }

  told() {
    const [cosine] = this.agreement[this.at];
    return `${digits(this.heights[this.at])} above the lowest point, cosine ${cosine.toFixed(2)}.`;
  }
}
