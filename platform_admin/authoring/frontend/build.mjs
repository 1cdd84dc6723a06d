// Builds what the authoring pages take from others, the same bytes on every machine:
//   node build.mjs [FOLDER]      FOLDER defaults to ../static/authoring/vendor
// Also writes the licences of everything that went in to FOLDER/LICENCES.md.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, "../static/authoring/vendor"));
const modules = path.join(here, "node_modules");

const COPIED = {
  "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
  "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
  "@alpinejs/csp/dist/cdn.min.js": "alpine_csp.js", // for the admin's theme
};

await mkdir(out, { recursive: true });
const result = await build({
  entryPoints: [path.join(here, "src/code_editor.js")],
  absWorkingDir: here,
  outfile: path.join(out, "code_editor.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
for (const [from, to] of Object.entries(COPIED)) {
  await copyFile(path.join(modules, from), path.join(out, to));
}

const used = new Set([...Object.keys(result.metafile.inputs), ...Object.keys(COPIED).map((file) => `node_modules/${file}`)]
  .map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
  .filter(Boolean));
const parts = ["# Third-party software in the authoring pages\n", "Made by `make vendor`; do not edit.\n"];
for (const name of [...used].sort()) {
  const folder = path.join(modules, name);
  const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(path.join(folder, file), "utf8") : "(no licence file in the package)";
  const quoted = text.trim().split("\n").map((line) => `    ${line}`.trimEnd()).join("\n");
  parts.push(`## ${name} ${version}\n\nLicence: ${license}\n\n${quoted}\n`);
}
await writeFile(path.join(out, "LICENCES.md"), parts.join("\n"));
