// The program of the Node.js rules' actions: `builder.mjs VERB FLAGS FILES`.
//
// bundle       makes one executable file of an entry and of all that it imports
// check        checks types
// concatenate  puts files after one another
//
// Sources are given as `SHORT_PATH=PATH`: they are laid out by their short paths, own and generated ones
// alike, beside the packages, so that imports resolve as they stand.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

/** Lays out sources and packages in a new folder; returns it and the sources' paths in it. */
function stage(modules, files) {
  const root = mkdtempSync(resolve("stage-"));
  symlinkSync(resolve(modules), join(root, "node_modules"));
  const paths = files.map((file) => {
    const [path, source] = file.split("=");
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(resolve(source), join(root, path));
    return path;
  });
  return { root, paths };
}

/** Runs a program in a folder; where it fails, so does this one, when the program has said why. */
function run(program, args, folder) {
  try {
    execFileSync(program, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
  } catch (error) {
    process.exit(error.status || 1);
  }
}

/** The lines of those packages of which a bundle has a file, by what esbuild tells of it. */
function packagesOf(metafile, archives) {
  const { outputs } = JSON.parse(readFileSync(metafile, "utf8"));
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const names = inputs.flatMap(([path, { bytesInOutput }]) => {
    // A package may have another inside: the last of the path is the one.
    const [, name] = path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//) ?? [];
    return name && bytesInOutput > 0 ? [name.replace("@", "%40")] : [];
  });
  const wanted = new Set(names.map((name) => `pkg:npm/${name}`));
  return readFileSync(archives, "utf8")
    .split(/(?<=\n)/)
    .filter((line) => wanted.has(JSON.parse(line).purl.replace(/@[^@]*$/, "")));
}

function bundle(options, files) {
  const {
    archives,
    components,
    esbuild,
    entry,
    interpreter,
    modules,
    out,
    "source-map": sourceMap,
  } = options;
  const { root } = stage(modules, files);
  run(
    resolve(esbuild),
    [
      entry,
      "--bundle",
      "--platform=node",
      "--target=node20",
      "--format=cjs",
      "--preserve-symlinks",
      "--log-level=warning",
      "--loader:.binpb=binary",
      // What a library needs only for a service that nothing here serves: it would be half of each program.
      "--external:@grpc/proto-loader",
      `--banner:js=#!${interpreter}`,
      ...(sourceMap ? ["--sourcemap=inline"] : []),
      "--metafile=bundle.json",
      "--outfile=bundle.cjs",
    ],
    root,
  );
  writeFileSync(out, readFileSync(join(root, "bundle.cjs")), { mode: 0o755 });
  if (components) {
    writeFileSync(components, packagesOf(join(root, "bundle.json"), archives).join(""));
  }
}

function check({ modules, out, tsconfig }, files) {
  const { root, paths } = stage(modules, files);
  copyFileSync(tsconfig, join(root, "base.json"));
  const sources = paths.filter((path) => path.endsWith(".ts"));
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify({ extends: "./base.json", files: sources }));
  run(process.execPath, [join(root, "node_modules/typescript/lib/tsc.js"), "--project", "."], root);
  writeFileSync(out, "");
}

function concatenate({ out }, files) {
  writeFileSync(out, Buffer.concat(files.map((file) => readFileSync(file))));
}

const FLAGS = ["archives", "components", "entry", "esbuild", "interpreter", "modules", "out", "tsconfig"];

function main([verb, ...args]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...Object.fromEntries(FLAGS.map((flag) => [flag, { type: "string" }])),
      "source-map": { type: "boolean" },
    },
  });
  const verbs = { bundle, check, concatenate };
  if (!Object.hasOwn(verbs, verb)) {
    throw new Error(`verb: ${verb} given, one of ${Object.keys(verbs).join(", ")} expected`);
  }
  verbs[verb](values, positionals);
}

main(process.argv.slice(2));
