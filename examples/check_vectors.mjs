// Check an implementation in JavaScript: node check_vectors.mjs VECTORS.json MODULE.mjs
// MODULE exports metric(updates, parameters), which returns a number or throws, and takes(vector), which says whether
// a vector is in its scope.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [file, module] = process.argv.slice(2);
const { metric, takes } = await import(pathToFileURL(resolve(module)));

const floats = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0.0": -0 };
const { vectors } = JSON.parse(readFileSync(file), (_, value) => floats[value?.float] ?? value);

const near = (value, wanted, tolerance) =>
  Array.isArray(wanted)
    ? value.length === wanted.length && wanted.every((each, i) => near(value[i], each, tolerance[i]))
    : Object.is(value, wanted) || Math.abs(value - wanted) <= tolerance;

function fits(outcome, expected) {
  if (expected.kind === "one-of") return expected.options.some((option) => fits(outcome, option));
  if (expected.kind === "raises") return outcome instanceof Error;
  return expected.kind === "unspecified" || near(outcome, expected.value, expected.tolerance);
}

let failures = 0;
const taken = vectors.filter(takes);
for (const { id, title, updates, parameters, expected, documented, axes } of taken) {
  let outcome;
  try {
    outcome = metric(updates, parameters);
  } catch (error) {
    outcome = error;
  }
  if (fits(outcome, expected) || (documented && fits(outcome, documented))) continue;
  failures += 1;
  console.log(`${id}: ${title}\n  ${outcome}, expected ${expected.exact ?? expected.why} (tests ${axes.join(", ")})`);
}
console.log(`${taken.length - failures} of ${taken.length} vectors pass; ${vectors.length} are there in all.`);
process.exitCode = failures ? 1 : 0;
