// Gradient descent on the loss w**2, step by step, with the step size in hand.

import { LogSlider, element, fixed, followTheme, note, pane, setText, short } from "./drawing.js";
import { Chart } from "./chart.js";
import { Player } from "./play.js";

const SIZES = [-2, 0.5]; // powers of ten
const MOST_STEPS = 30;
const TOO_FAR = 1e4; // a weight there has blown up
const THERE = 1e-6; // a weight there has arrived

const loss = (w) => w * w;
const slope = (w) => 2 * w;

// The weights from the start on, to the last that is drawn.
export function descend(start, stepSize) {
  const weights = [start];
  while (weights.length <= MOST_STEPS) {
    const w = weights.at(-1);
    if (Math.abs(w) > TOO_FAR || Math.abs(w) < THERE) break;
    weights.push(w - stepSize * slope(w));
  }
  return weights;
}

export function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.dispose();
}

class Explorer {
  constructor(model, holder) {
    this.model = model;
    this.at = 0;
    this.player = new Player({
      advance: () => ++this.at + 1 < this.weights.length,
      restart: () => { this.at = 0; },
      draw: () => this.show(),
      settle: () => setText(this.status, this.words()),
      rate: 3,
    });
    this.slider = new LogSlider("Step size", "step size", ...SIZES, false, (size) => {
      model.set("step_size", size);
      model.save_changes();
    });
    this.curve = new Chart(["weight w", "loss w²"]);
    this.history = new Chart(["step", "loss (log scale)"], { say: (power) => `1e${short(power)}` });
    this.status = element("p", { class: "status", role: "status", "aria-live": "polite" });
    this.root = element(
      "div",
      { class: "loss-widget step-size", role: "group", "aria-label": "Step size and descent" },
      element("div", { class: "tools" }, this.slider.node, this.player.node),
      element(
        "div",
        { class: "panes" },
        pane("On the loss curve", this.curve.holder, note(CURVE_NOTE)),
        pane("Step by step", this.history.holder, note(HISTORY_NOTE)),
      ),
      this.status,
    );
    holder.append(this.root);
    const onModel = () => this.restart();
    model.on("change:step_size", onModel);
    this.cleanups = [
      () => model.off("change:step_size", onModel),
      followTheme(this.root, () => {}),
      this.curve.attach(() => this.show()),
      this.history.attach(() => this.show()),
      this.player.attach(this.root),
    ];
    this.restart();
  }

  dispose() {
    for (const undo of this.cleanups) undo();
  }

  restart() {
    const stepSize = this.model.get("step_size");
    this.slider.show(stepSize);
    this.weights = descend(this.model.get("start"), stepSize);
    this.player.reset();
  }

  show() {
    const seen = this.weights.slice(0, this.at + 1);
    const reach = 1.25 * Math.max(...seen.map(Math.abs));
    const here = seen.at(-1);
    const bowl = Array.from({ length: 121 }, (_, k) => reach * (k / 60 - 1));
    const tangent = [-reach, reach].map((w) => [w, loss(here) + slope(here) * (w - here)]);
    const places = seen.map((w) => [w, loss(w)]);
    const { curve, history } = this;
    curve.draw([[-reach, reach], [-0.1 * loss(reach), loss(reach)]], this.words(), () => [
      curve.line(bowl.map((w) => [w, loss(w)]), "curve"),
      curve.line(tangent, "tangent"),
      curve.line(places, "trail"),
      ...places.map((place) => curve.dot(place, "stop", 4)),
      curve.dot([here, loss(here)], "here", 7),
    ]);
    const powers = seen.map((w, k) => [k, Math.log10(Math.max(loss(w), THERE ** 2))]);
    const heights = powers.map(([, power]) => power);
    const span = [Math.min(-2, ...heights) - 0.5, Math.max(2, ...heights) + 0.5];
    history.draw([[0, MOST_STEPS], span], this.words(), () => [
      history.line(powers, "trail"),
      ...powers.map((place) => history.dot(place, "stop", 4)),
    ]);
  }

  words() {
    const w = this.weights[this.at];
    const start = `Step ${this.at}: weight ${fixed(w)}, loss ${fixed(loss(w))}`;
    if (Math.abs(w) > TOO_FAR) return `${start}. Blown up: every step is longer than the last.`;
    if (Math.abs(w) < THERE) return `${start}. At the bottom.`;
    const next = -this.model.get("step_size") * slope(w);
    return `${start}, slope ${fixed(slope(w))}; the next step is ${fixed(next)}.`;
  }
}

const CURVE_NOTE =
  "Dashed: the tangent. The next step goes down along it, as far as step size times slope. The " +
  "picture zooms out when the weight leaves it.";
const HISTORY_NOTE = "A straight line here is a loss multiplied by the same factor in every step.";
