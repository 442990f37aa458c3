// The loss over two chosen parameters, the others held, with the path of the run so far.

import { PARAMETERS, lossGrid, newResult } from "./svm.js";
import { PathMap } from "./map.js";

const CELLS = 44;
const SMALLEST_REACH = 2; // in weights, from the middle to the edge

export class Surface extends PathMap {
  constructor(canvas) {
    super(canvas, CELLS);
    this.result = newResult(0);
  }

  show(problem, theta, path, axes, gradient, textColor) {
    const [first, second] = axes;
    this.frame(theta, path, axes);
    if (this.result.losses.length !== problem.labels.length) {
      this.result = newResult(problem.labels.length);
    }
    lossGrid(problem, theta, first, second, this.ranges, CELLS, this.result, this.map.values);
    this.draw([PARAMETERS[first], PARAMETERS[second]], textColor, (context) => {
      const places = [];
      for (let at = 0; at < path.length; at += PARAMETERS.length) {
        places.push([path[at + first], path[at + second]]);
      }
      this.drawPath(context, places);
      if (places.length) this.drawDot(context, places[0]);
      this.drawHere(context, [theta[first], theta[second]], -gradient[first], -gradient[second]);
    });
  }

  // The window holds the path and the current point with room around, the same scale both ways.
  frame(theta, path, axes) {
    const spans = axes.map((k) => {
      let [low, high] = [theta[k], theta[k]];
      for (let at = k; at < path.length; at += PARAMETERS.length) {
        if (path[at] < low) low = path[at];
        if (path[at] > high) high = path[at];
      }
      return [low, high];
    });
    const widest = Math.max(...spans.map(([low, high]) => high - low));
    const reach = Math.max(SMALLEST_REACH, 0.65 * widest);
    this.ranges = spans.map(([low, high]) => [(low + high) / 2 - reach, (low + high) / 2 + reach]);
  }

  drawHere(context, here, u, v) {
    const length = Math.hypot(u, v);
    if (length > 1e-9) {
      const scale = (14 + 40 * Math.min(1, length)) / length;
      this.drawArrow(context, here, u * scale, v * scale);
    }
    this.drawStar(context, here);
  }
}
