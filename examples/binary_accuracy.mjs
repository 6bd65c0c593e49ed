// Binary accuracy of scores: the example of an implementation that check_vectors.mjs checks.
export function metric([{ y_true, y_pred }], { threshold = 0.5 }) {
  const targets = y_true.values.flat(Infinity);
  const correct = y_pred.values.flat(Infinity).filter((score, i) => Number(score > threshold) === targets[i]);
  return targets.length ? correct.length / targets.length : 0;
}

export const takes = ({ updates, parameters }) =>
  updates.length === 1 &&
  !updates[0].sample_weight &&
  !parameters.dtype &&
  updates[0].y_pred.dtype === "float64" &&
  updates[0].y_true.shape.length > 0 &&
  String(updates[0].y_true.shape) === String(updates[0].y_pred.shape);
