import { greeting } from "./greeting.js";

process.stdout.write(`${greeting()} ${process.execArgv.join(" ")}\n`);
