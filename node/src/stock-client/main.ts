// stock_client calls a Stock server; docs/reference/programs.md describes it.

import { processArguments } from "../options/arguments.js";
import { exitWith } from "../program.js";
import { run } from "./program.js";

void exitWith(run(processArguments(), process));
