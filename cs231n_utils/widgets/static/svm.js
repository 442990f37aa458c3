// Losses of a linear classifier of points in the plane into three classes, their gradients, and
// the shapes that show them. Pure functions on typed arrays: no page, no drawing.
// The same formulas in NumPy, with their sources, are in references.py.

export const N_CLASSES = 3;

// theta holds W (2, 3) row by row and then b (3); column c of W and b[c] score class c.
export const PARAMETERS = [
  "W[0,0]", "W[0,1]", "W[0,2]", "W[1,0]", "W[1,1]", "W[1,2]", "b[0]", "b[1]", "b[2]",
];
const N_WEIGHTS = 6; // of PARAMETERS; biases are not regularized

// Each returns the loss of the point whose scores start at `at`, and writes its derivatives by
// these scores to `slopes`. At a kink a term counts as inactive.
const LOSS_OF_POINT = {
  "weston-watkins"(scores, at, label, slopes) {
    let loss = 0;
    slopes.fill(0);
    for (let j = 0; j < N_CLASSES; j++) {
      const margin = scores[at + j] - scores[at + label] + 1;
      if (j === label || margin <= 0) continue;
      loss += margin;
      slopes[j] = 1;
      slopes[label] -= 1;
    }
    return loss;
  },

  "one-vs-all"(scores, at, label, slopes) {
    let loss = 0;
    for (let j = 0; j < N_CLASSES; j++) {
      const sign = j === label ? 1 : -1;
      const margin = 1 - sign * scores[at + j];
      loss += Math.max(0, margin);
      slopes[j] = margin > 0 ? -sign : 0;
    }
    return loss;
  },

  structured(scores, at, label, slopes) {
    let rival = label === 0 ? 1 : 0;
    for (let j = rival + 1; j < N_CLASSES; j++) {
      if (j !== label && scores[at + j] > scores[at + rival]) rival = j;
    }
    const margin = scores[at + rival] - scores[at + label] + 1;
    slopes.fill(0);
    if (margin <= 0) return 0;
    slopes[rival] = 1;
    slopes[label] = -1;
    return margin;
  },

  softmax(scores, at, label, slopes) {
    let largest = -Infinity;
    for (let j = 0; j < N_CLASSES; j++) largest = Math.max(largest, scores[at + j]);
    let sum = 0;
    for (let j = 0; j < N_CLASSES; j++) sum += slopes[j] = Math.exp(scores[at + j] - largest);
    for (let j = 0; j < N_CLASSES; j++) slopes[j] /= sum;
    slopes[label] -= 1;
    return Math.log(sum) + largest - scores[at + label];
  },
};

const PENALTY_OF_WEIGHT = {
  l2: { value: (w) => w * w, slope: (w) => 2 * w },
  l1: { value: Math.abs, slope: Math.sign },
};

export const LOSSES = Object.keys(LOSS_OF_POINT);
export const REGULARIZERS = Object.keys(PENALTY_OF_WEIGHT);

// A problem is {points: Float64Array(2 n), labels: Uint8Array(n), loss, regularizer, reg}.
export function newResult(n) {
  return {
    scores: new Float64Array(N_CLASSES * n),
    losses: new Float64Array(n),
    gradient: new Float64Array(PARAMETERS.length),
    slopes: new Float64Array(N_CLASSES),
    dataLoss: 0,
    penalty: 0,
    total: 0,
  };
}

// Scores and loss of every point, their mean, the penalty, and the gradient of the total.
export function evaluate(problem, theta, result) {
  const { points, labels, reg } = problem;
  const { scores, losses, gradient, slopes } = result;
  const lossOfPoint = LOSS_OF_POINT[problem.loss];
  const n = labels.length;
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    scorePoint(points, i, theta, scores);
    losses[i] = lossOfPoint(scores, N_CLASSES * i, labels[i], slopes);
    sum += losses[i];
    for (let c = 0; c < N_CLASSES; c++) {
      gradient[c] += (slopes[c] * points[2 * i]) / n;
      gradient[N_CLASSES + c] += (slopes[c] * points[2 * i + 1]) / n;
      gradient[N_WEIGHTS + c] += slopes[c] / n;
    }
  }
  const { slope } = PENALTY_OF_WEIGHT[problem.regularizer];
  for (let k = 0; k < N_WEIGHTS; k++) gradient[k] += reg * slope(theta[k]);
  result.dataLoss = sum / n;
  result.penalty = penalty(problem, theta);
  result.total = result.dataLoss + result.penalty;
  return result;
}

export function totalLoss(problem, theta, result) {
  const { points, labels } = problem;
  const lossOfPoint = LOSS_OF_POINT[problem.loss];
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    scorePoint(points, i, theta, result.scores);
    sum += lossOfPoint(result.scores, N_CLASSES * i, labels[i], result.slopes);
  }
  return sum / labels.length + penalty(problem, theta);
}

// The total loss on a grid over two parameters, the others as in theta. values[row * size +
// column] is at the `column`-th value of `first` and the `row`-th of `second`, both rising.
export function lossGrid(problem, theta, first, second, ranges, size, result, values) {
  const at = Float64Array.from(theta);
  for (let row = 0; row < size; row++) {
    at[second] = mix(ranges[1], row / (size - 1));
    for (let column = 0; column < size; column++) {
      at[first] = mix(ranges[0], column / (size - 1));
      values[row * size + column] = totalLoss(problem, at, result);
    }
  }
  return values;
}

export function mix([low, high], share) {
  return low + share * (high - low);
}

// One step of gradient descent, in place.
export function descend(theta, gradient, stepSize) {
  for (let k = 0; k < theta.length; k++) theta[k] -= stepSize * gradient[k];
}

// The part of the square [-extent, extent]^2 in which class c has the highest score: a convex
// polygon [x0, y0, x1, y1, ...], empty when there is none.
export function decisionRegion(theta, c, extent) {
  let polygon = [-extent, -extent, extent, -extent, extent, extent, -extent, extent];
  for (let j = 0; j < N_CLASSES; j++) {
    if (j === c) continue;
    polygon = clipToHalfPlane(
      polygon,
      theta[c] - theta[j],
      theta[N_CLASSES + c] - theta[N_CLASSES + j],
      theta[N_WEIGHTS + c] - theta[N_WEIGHTS + j],
    );
  }
  return polygon;
}

// Both ends [x0, y0, x1, y1] of the line of score 0 inside the square, or null.
export function zeroScoreLine(theta, c, extent) {
  const u = theta[c];
  const v = theta[N_CLASSES + c];
  const squared = u * u + v * v;
  if (squared === 0) return null;
  const shift = -theta[N_WEIGHTS + c] / squared;
  const foot = [shift * u, shift * v];
  const along = [-v, u];
  let from = -Infinity;
  let to = Infinity;
  for (let k = 0; k < 2; k++) {
    if (along[k] === 0) {
      if (Math.abs(foot[k]) > extent) return null;
      continue;
    }
    const ends = [(-extent - foot[k]) / along[k], (extent - foot[k]) / along[k]];
    from = Math.max(from, Math.min(...ends));
    to = Math.min(to, Math.max(...ends));
  }
  if (from >= to) return null;
  const end = (t) => [foot[0] + t * along[0], foot[1] + t * along[1]];
  return [...end(from), ...end(to)];
}

// The parameters at every step, oldest first; beyond `limit` rows the older half is let go.
export class Path {
  constructor(limit = 10000) {
    this.limit = limit;
    this.rows = new Float64Array(PARAMETERS.length * 64);
    this.length = 0;
  }

  push(theta) {
    const width = PARAMETERS.length;
    if (this.length === this.limit) this.replace(this.view().slice(width * (this.limit >> 1)));
    if (width * this.length === this.rows.length) {
      const wider = new Float64Array(2 * this.rows.length);
      wider.set(this.rows);
      this.rows = wider;
    }
    this.rows.set(theta, width * this.length);
    this.length += 1;
  }

  replace(rows) {
    this.length = rows.length / PARAMETERS.length;
    this.rows = new Float64Array(Math.max(2 * rows.length, 64 * PARAMETERS.length));
    this.rows.set(rows);
  }

  view() {
    return this.rows.subarray(0, PARAMETERS.length * this.length);
  }
}

function scorePoint(points, i, theta, scores) {
  const x = points[2 * i];
  const y = points[2 * i + 1];
  for (let c = 0; c < N_CLASSES; c++) {
    scores[N_CLASSES * i + c] = theta[c] * x + theta[N_CLASSES + c] * y + theta[N_WEIGHTS + c];
  }
}

function penalty(problem, theta) {
  const { value } = PENALTY_OF_WEIGHT[problem.regularizer];
  let sum = 0;
  for (let k = 0; k < N_WEIGHTS; k++) sum += value(theta[k]);
  return problem.reg * sum;
}

// What of a convex polygon lies in u x + v y + w >= 0 (Sutherland and Hodgman, 1974).
function clipToHalfPlane(polygon, u, v, w) {
  const kept = [];
  for (let k = 0; k < polygon.length; k += 2) {
    const [x, y] = [polygon[k], polygon[k + 1]];
    const next = (k + 2) % polygon.length;
    const [nextX, nextY] = [polygon[next], polygon[next + 1]];
    const here = u * x + v * y + w;
    const there = u * nextX + v * nextY + w;
    if (here >= 0) kept.push(x, y);
    if (here * there < 0) {
      const share = here / (here - there);
      kept.push(x + share * (nextX - x), y + share * (nextY - y));
    }
  }
  return kept;
}
