// Rules for the report page's scripts (browser), and for their tests (Node).

import js from "@eslint/js";
import globals from "globals";

const rules = {
  eqeqeq: "error",
  "max-len": ["error", { code: 120 }],
  "max-lines": ["error", 400],
  "no-shadow": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  // conformance/report/bundle.py copies the values of exports, so that these may not change.
  "no-restricted-syntax": [
    "error",
    { selector: "ExportDefaultDeclaration", message: "Export by name: the bundle knows no default exports." },
    { selector: "ExportNamedDeclaration > VariableDeclaration[kind!='const']", message: "Export constants only." },
  ],
};

export default [
  { ignores: ["reports/", ".venv/", ".tox/", "build/", "dist/"] },
  js.configs.recommended,
  { files: ["conformance/report/assets/**/*.js"], languageOptions: { globals: globals.browser }, rules },
  { files: ["examples/**/*.mjs", "tests/**/*.js"], languageOptions: { globals: globals.node }, rules },
];
